namespace Grid.Abstractions;

/// <summary>What the reader of a partition is doing. Values are wire format.</summary>
public enum PartitionIngestState : byte
{
    /// <summary>Not started, or told to stop.</summary>
    Stopped = 0,

    /// <summary>Takes its epoch, or looks for the broker; goes on for as long as it takes.</summary>
    Connecting = 1,

    Reading = 2,

    /// <summary>It was reading and lost the brokers; goes on by itself.</summary>
    Disconnected = 3,

    /// <summary>Only an operator can help: the status's error names what is wrong and the fix.</summary>
    Failed = 4,

    /// <summary>A newer reader has the partition.</summary>
    Fenced = 5,
}
