using Grid.Primitives;

namespace Grid.Inference.Hosting;

/// <summary>Places where a test holds, fails or steps one host. Absent in operation, where each costs a null check.</summary>
internal sealed class FaultPoints
{
    /// <summary>On the load thread, before a version's files are read.</summary>
    public Action<VersionKey>? BeforeLoad { get; init; }

    /// <summary>On the thread that runs, before a run of that many rows.</summary>
    public Action<VersionKey, int>? BeforeRun { get; init; }

    /// <summary>Stands in for the measured cost of a batch of that many rows, in nanoseconds.</summary>
    public Func<int, double>? Cost { get; init; }

    /// <summary>No workers are started; the test runs each batch by <see cref="Scheduling.RunScheduler.TryStep"/>.</summary>
    public bool WorkersAreStepped { get; init; }

    /// <summary>Cores that runs on callers' threads are counted by, whatever core a test's thread is moved to meanwhile; null for those that there are.</summary>
    public int? InlineCores { get; init; }

    /// <summary>Sessions that exist.</summary>
    public int LiveSessions;
}
