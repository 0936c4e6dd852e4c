namespace Grid.Monitoring.Signals;

/// <summary>The numbers behind a signal. Immutable.</summary>
/// <param name="Column">Feature or output; null where the signal is about the whole model.</param>
/// <param name="Statistic">What was measured: <c>psi</c>, <c>ks</c>, <c>null_rate</c>, <c>auc</c>…</param>
/// <param name="Value">Measured.</param>
/// <param name="Reference">The same in the reference, where it has a value of its own; otherwise null.</param>
/// <param name="Threshold">The effect from which on it counts.</param>
/// <param name="P">Chance of such a value without any change, after correction for the number of tests; null where the statistic has none.</param>
/// <param name="Samples">Rows of the window that were measured.</param>
/// <param name="EffectiveSamples">What they are worth as independent rows.</param>
/// <param name="From">Start of the window.</param>
/// <param name="To">End of the window.</param>
public sealed record SignalEvidence(
    string? Column, string Statistic, double Value, double? Reference, double Threshold, double? P, long Samples, double EffectiveSamples, DateTimeOffset From, DateTimeOffset To)
{
    /// <summary>
    /// The tenants that carry it, the one that carries most first; a few at most, and none where no single one stands out. Null where tenants were not looked at: that
    /// begins when a signal is open, so its first evidence has none.
    /// </summary>
    public IReadOnlyList<SignalTenant>? Tenants { get; init; }
}
