using Grid.Monitoring.Performance;
using Grid.Monitoring.Sketches;

namespace Grid.Monitoring.Rollouts;

/// <summary>What one version did during a rollout. Merge arms of several silos by adding their parts.</summary>
public sealed record RolloutArm
{
    public required long Requests { get; init; }

    /// <summary>Requests that failed by the version's fault.</summary>
    public required long Errors { get; init; }

    /// <summary>Latency of runs in milliseconds; null leaves the p99 guard out.</summary>
    public KllSketch? LatencyMs { get; init; }

    /// <summary>Requests that both versions answered.</summary>
    public long Compared { get; init; }

    /// <summary>Of those, how often the answers differed by more than the manifest allows.</summary>
    public long Disagreements { get; init; }

    /// <summary>Loss of the predictions whose outcome is known: log loss, or squared error.</summary>
    public LossSum Loss { get; init; }
}
