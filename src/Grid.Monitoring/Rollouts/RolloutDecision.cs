using System.Collections.Immutable;

namespace Grid.Monitoring.Rollouts;

/// <summary>A verdict with everything it rests on.</summary>
/// <param name="Verdict">What to do.</param>
/// <param name="Reason">One sentence for the trail.</param>
/// <param name="Guards">Each guard.</param>
public sealed record RolloutDecision(RolloutVerdict Verdict, string Reason, ImmutableArray<GuardResult> Guards);
