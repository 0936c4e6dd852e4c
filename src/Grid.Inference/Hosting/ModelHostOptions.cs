using Grid.Primitives;

namespace Grid.Inference.Hosting;

/// <summary>Settings of the model host. Checked whole when the host is made.</summary>
public sealed record ModelHostOptions
{
    /// <summary>Threads that run what waits. Default: one per core; 1 to 256.</summary>
    public int WorkerThreads { get; init; } = Environment.ProcessorCount;

    /// <summary>Runs on callers' threads at once, per core. Default 1: a run is all computing; 1 to 64.</summary>
    public int InlineRunsPerCore { get; init; } = 1;

    /// <summary>A run below this measured cost may go on its caller's thread, in microseconds. Default 20, about what a hand-over to a worker costs; 0 to 10,000.</summary>
    public double InlineBelowMicroseconds { get; init; } = 20;

    /// <summary>Memory for loaded versions, in bytes, as estimated by <see cref="MemoryEstimate"/>. Default 2 GiB; at least 1 MiB.</summary>
    public long MemoryBudgetBytes { get; init; } = 2L << 30;

    /// <summary>True to tag metrics with model and version. Default false, since a grid may have thousands.</summary>
    public bool MetricsPerModel { get; init; }

    /// <summary>All mistakes; empty where it is right.</summary>
    public IReadOnlyList<GridError> Check()
    {
        var errors = new List<GridError>();
        Range(nameof(WorkerThreads), WorkerThreads, 1, 256, errors);
        Range(nameof(InlineRunsPerCore), InlineRunsPerCore, 1, 64, errors);
        Range(nameof(InlineBelowMicroseconds), InlineBelowMicroseconds, 0, 10_000, errors);
        Range(nameof(MemoryBudgetBytes), MemoryBudgetBytes, 1 << 20, long.MaxValue, errors);
        return errors;
    }

    private static void Range(string name, double value, double min, double max, List<GridError> errors)
    {
        // Written so that NaN fails too.
        if (!(value >= min && value <= max))
        {
            errors.Add(GridError.Invalid($"{nameof(ModelHostOptions)}.{name}", FormattableString.Invariant($"is {value}."), FormattableString.Invariant($"Use {min} to {max}.")));
        }
    }
}
