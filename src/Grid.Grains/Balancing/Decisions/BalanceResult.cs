namespace Grid.Grains.Balancing;

/// <summary>The outcome of one look at the load map. Immutable.</summary>
/// <param name="Decisions">What to do, in order.</param>
/// <param name="Held">What was wanted and held back, at most <see cref="BalancePolicy.MaxHeld"/>.</param>
/// <param name="State">To be given to the next look.</param>
/// <param name="Imbalance">Utilisation of the busiest silo over the mean, as it was projected before anything was decided; 1 where nothing runs.</param>
/// <param name="Evaluations">Places that were weighed up: the work that the look took, independent of the machine.</param>
internal sealed record BalanceResult(
    IReadOnlyList<BalanceDecision> Decisions,
    IReadOnlyList<HeldBack> Held,
    BalanceState State,
    double Imbalance,
    long Evaluations);
