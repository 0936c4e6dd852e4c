using Grid.Primitives;

namespace Grid.Storage;

/// <summary>What every backend's store can be told. Immutable once the store is open.</summary>
public abstract class StoreOptions
{
    /// <summary>The most blocks that wait for a commit; beyond, callers wait in line. 1 to 1,000,000. Default: 8,192, which is many commits' worth.</summary>
    public int QueueBlocks { get; init; } = 8_192;

    /// <summary>The most payload bytes that wait for a commit, and so the size limit of a block. 1 MiB to 1 GiB. Default: 64 MiB.</summary>
    public int QueueBytes { get; init; } = 64 << 20;

    /// <summary>The most blocks in one transaction. 1 to 100,000. Default: 1,024: beyond, the fixed cost of a commit is spread thin and latency grows.</summary>
    public int BatchBlocks { get; init; } = 1_024;

    /// <summary>The most payload bytes in one transaction of blocks, and in one transaction of snapshot pages. A single larger one goes alone. 64 KiB to 64 MiB. Default: 1 MiB.</summary>
    public int BatchBytes { get; init; } = 1 << 20;

    /// <summary>How long a superseded snapshot is kept for readers that have its manifest. 0 to 1 day. Default: 5 minutes.</summary>
    public TimeSpan SnapshotGrace { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>The clock of the grace period. Default: the system's.</summary>
    public TimeProvider Time { get; init; } = TimeProvider.System;

    /// <summary>Faults of a test. Default: none.</summary>
    public StoreFaults? Faults { get; init; }

    /// <summary>All that is wrong with the options; empty if nothing is.</summary>
    public IReadOnlyList<GridError> Validate()
    {
        var errors = new List<GridError>();
        CheckOwn(errors);
        CheckRange(errors, "storage.queueBlocks", QueueBlocks, 1, 1_000_000);
        CheckRange(errors, "storage.queueBytes", QueueBytes, 1 << 20, 1 << 30);
        CheckRange(errors, "storage.batchBlocks", BatchBlocks, 1, 100_000);
        CheckRange(errors, "storage.batchBytes", BatchBytes, 64 << 10, 64 << 20);
        if (SnapshotGrace < TimeSpan.Zero || SnapshotGrace > TimeSpan.FromDays(1))
        {
            errors.Add(GridError.Invalid("storage.snapshotGrace", $"is {SnapshotGrace}.", "Use 0 to 1 day."));
        }

        return errors;
    }

    /// <summary>Adds what is wrong with the options of one backend alone.</summary>
    private protected abstract void CheckOwn(List<GridError> errors);

    private protected static void CheckRange(List<GridError> errors, string name, int value, int min, int max)
    {
        if (value < min || value > max)
        {
            errors.Add(GridError.Invalid(name, $"is {value}.", $"Use {min} to {max}."));
        }
    }
}
