using System.Globalization;
using Grid.Primitives;
using Grid.Streams.Kafka;

namespace Grid.Grains.Predictions;

/// <summary>The topic that logged predictions are written to. Read once, at start.</summary>
public sealed class PredictionTopicOptions
{
    /// <summary>The topic; it must exist or be made by the brokers on first use. Required.</summary>
    public string Name { get; set; } = "";

    /// <summary>How to reach its brokers.</summary>
    public KafkaConnectionOptions Connection { get; set; } = new();

    /// <summary>Bytes of records that may wait for the brokers; beyond, predictions are not written and the gap is counted. 64 KiB to 16 GiB, default 64 MiB.</summary>
    public long BufferBytes { get; set; } = 64 << 20;

    /// <summary>How long a record may wait for the brokers before it is given up and counted as a gap. 100 ms to 1 hour, default 1 min.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a silo that stops waits for the brokers to take what is left. 0 to 5 min, default 5 s.</summary>
    public TimeSpan FlushTimeout { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>All that is wrong, with paths that begin at <paramref name="path"/>; empty if nothing is.</summary>
    public IReadOnlyList<GridError> Check(string path)
    {
        var errors = new List<GridError>();
        if (KafkaTopic.CheckName(Name, $"{path}.name") is { } error)
        {
            errors.Add(error);
        }

        errors.AddRange(Connection.Check($"{path}.connection"));
        Require(BufferBytes is >= 64 << 10 and <= 16L << 30, "bufferBytes", $"is {BufferBytes}.", "Use 64 KiB to 16 GiB.");
        Require(Timeout >= TimeSpan.FromMilliseconds(100) && Timeout <= TimeSpan.FromHours(1), "timeout", $"is {Timeout}.", "Use 100 ms to 1 hour.");
        Require(FlushTimeout >= TimeSpan.Zero && FlushTimeout <= TimeSpan.FromMinutes(5), "flushTimeout", $"is {FlushTimeout}.", "Use 0 to 5 minutes.");
        return errors;

        void Require(bool isGood, string name, FormattableString what, string fix)
        {
            if (!isGood)
            {
                errors.Add(GridError.Invalid($"{path}.{name}", what.ToString(CultureInfo.InvariantCulture), fix));
            }
        }
    }
}
