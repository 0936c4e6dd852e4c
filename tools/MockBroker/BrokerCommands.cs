using System.Globalization;
using Confluent.Kafka;
using Grid.TestKit.Kafka;

namespace Grid.MockBroker;

/// <summary>The commands that steer the brokers, one a line.</summary>
internal sealed class BrokerCommands(MockKafkaCluster cluster)
{
    public const string Usage =
        "down [broker], up [broker], errors <apiKey> <code>…, clear-errors <apiKey>, rtt <ms> [broker], topic <name> <partitions>, leader <topic> <partition> <broker>, delete-records <topic> <partition> <before>, quit";

    public string Run(string line)
    {
        var words = line.Split(' ', StringSplitOptions.RemoveEmptyEntries | StringSplitOptions.TrimEntries);
        try
        {
            return Apply(words) ? "ok" : $"error: '{line}' is no command. Commands: {Usage}";
        }
        catch (Exception e) when (e is FormatException or OverflowException or InvalidOperationException)
        {
            return $"error: {e.Message}";
        }
    }

    private static int Number(string text) => int.Parse(text, CultureInfo.InvariantCulture);

    private bool Apply(string[] words)
    {
        switch (words)
        {
            case ["down"]:
                cluster.Down();
                return true;
            case ["down", var broker]:
                cluster.Down(Number(broker));
                return true;
            case ["up"]:
                cluster.Up();
                return true;
            case ["up", var broker]:
                cluster.Up(Number(broker));
                return true;
            case ["errors", var api, .. { Length: > 0 } codes]:
                cluster.FailNext((KafkaApi)Number(api), [.. codes.Select(c => (ErrorCode)Number(c))]);
                return true;
            case ["clear-errors", var api]:
                cluster.ClearErrors((KafkaApi)Number(api));
                return true;
            case ["rtt", var ms]:
                cluster.SetRoundTrip(Number(ms));
                return true;
            case ["rtt", var ms, var broker]:
                cluster.SetRoundTrip(Number(ms), Number(broker));
                return true;
            case ["topic", var topic, var partitions]:
                cluster.CreateTopic(topic, Number(partitions));
                return true;
            case ["leader", var topic, var partition, var broker]:
                cluster.SetLeader(topic, Number(partition), Number(broker));
                return true;
            case ["delete-records", var topic, var partition, var before]:
                cluster.DeleteRecords(topic, Number(partition), long.Parse(before, CultureInfo.InvariantCulture));
                return true;
            default:
                return false;
        }
    }
}
