using System.Collections.Immutable;

namespace Grid.Monitoring.Retraining;

/// <summary>Whether to train, and why.</summary>
/// <param name="Start">Train now.</param>
/// <param name="Reason">The strongest reason there is; null where there is none.</param>
/// <param name="Explanation">One sentence for the trail.</param>
/// <param name="NotBefore">When a training that must wait for time alone may begin.</param>
/// <param name="SignalIds">Signals behind the reason: the lineage of the next version.</param>
public sealed record RetrainDecision(bool Start, RetrainReason? Reason, string Explanation, DateTimeOffset? NotBefore, ImmutableArray<string> SignalIds);
