using Grid.Abstractions;

namespace Grid.Grains.Rollouts;

/// <summary>Counts the requests that this silo gave one version. Thread-safe.</summary>
internal sealed class VersionCounter
{
    private readonly long[] _latency = new long[LatencyBuckets.Count];
    private long _requests;
    private long _errors;

    public void Add(TimeSpan latency, bool failed)
    {
        Interlocked.Increment(ref _requests);
        if (failed)
        {
            Interlocked.Increment(ref _errors);
        }

        Interlocked.Increment(ref _latency[LatencyBuckets.IndexOf(latency.TotalMicroseconds)]);
    }

    public VersionTally Read(string version)
    {
        // Errors first: a failure that is counted in between must not make more errors than requests.
        var errors = Interlocked.Read(ref _errors);
        return new VersionTally(version, Interlocked.Read(ref _requests), errors, LatencyBuckets.Trim(_latency));
    }
}
