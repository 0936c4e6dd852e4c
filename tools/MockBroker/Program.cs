using System.CommandLine;
using Grid.MockBroker;
using Grid.TestKit.Kafka;

// First line of output: the bootstrap servers. Then one line for each command of the input: "ok", or "error: …".
var brokers = new Option<int>("--brokers") { Description = "How many brokers.", DefaultValueFactory = _ => 3 };
var topics = new Option<string[]>("--topic") { Description = "A topic and its partitions, name:count; may be repeated.", DefaultValueFactory = _ => [] };
var command = new RootCommand("Kafka brokers in memory, with faults on demand. Commands on the input: " + BrokerCommands.Usage) { brokers, topics };
command.SetAction(parsed =>
{
    using var cluster = new MockKafkaCluster(parsed.GetValue(brokers));
    foreach (var topic in parsed.GetValue(topics)!)
    {
        if (topic.Split(':') is not [{ Length: > 0 } name, var count] || !int.TryParse(count, out var partitions) || partitions < 1)
        {
            Console.Error.WriteLine($"--topic {topic}: give name:count, for example features:8.");
            return 1;
        }

        cluster.CreateTopic(name, partitions);
    }

    Console.Out.WriteLine(cluster.BootstrapServers);
    Console.Out.Flush();
    var commands = new BrokerCommands(cluster);
    while (Console.In.ReadLine() is { } line && line.Trim() is not "quit")
    {
        Console.Out.WriteLine(commands.Run(line));
        Console.Out.Flush();
    }

    return 0;
});
return command.Parse(args).Invoke();
