using Grid.Abstractions;

namespace Grid.Grains.Rollouts;

/// <summary>What the guards say, and the numbers they say it on.</summary>
/// <param name="Outcome">The verdict.</param>
/// <param name="Reason">For people.</param>
/// <param name="Figures">Every guard's number.</param>
internal sealed record TrialVerdict(TrialOutcome Outcome, string Reason, RolloutFigure[] Figures);
