namespace Grid.Monitoring.Signals;

/// <summary>A tenant that carries what a signal says. Immutable.</summary>
/// <param name="Tenant">Its name.</param>
/// <param name="Statistic">What was measured of its rows alone, against the same reference.</param>
/// <param name="Value">Measured.</param>
/// <param name="P">Chance of such a value without any change, after correction for the number of tenants.</param>
/// <param name="Samples">Its rows that were measured.</param>
/// <param name="EffectiveSamples">What they are worth as independent rows.</param>
/// <param name="Share">Its share of the model's rows.</param>
/// <param name="Without">What the rows of all others together measure.</param>
public sealed record SignalTenant(string Tenant, string Statistic, double Value, double P, long Samples, double EffectiveSamples, double Share, double Without);
