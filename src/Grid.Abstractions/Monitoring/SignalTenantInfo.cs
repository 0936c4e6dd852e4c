using Orleans;

namespace Grid.Abstractions;

/// <summary>A tenant that carries what a signal says.</summary>
/// <param name="Tenant">Its name.</param>
/// <param name="Statistic">What was measured of its rows alone, against the same reference.</param>
/// <param name="Value">Measured.</param>
/// <param name="P">Chance of such a value without any change, corrected for the number of tenants.</param>
/// <param name="Samples">Its rows that were measured.</param>
/// <param name="EffectiveSamples">What they are worth as independent rows.</param>
/// <param name="Share">Its share of the model's rows, 0 to 1.</param>
/// <param name="Without">What the rows of all others together measure.</param>
[GenerateSerializer, Immutable, Alias("grid.signal-tenant")]
public sealed record SignalTenantInfo(
    [property: Id(0)] string Tenant,
    [property: Id(1)] string Statistic,
    [property: Id(2)] double Value,
    [property: Id(3)] double P,
    [property: Id(4)] long Samples,
    [property: Id(5)] double EffectiveSamples,
    [property: Id(6)] double Share,
    [property: Id(7)] double Without);
