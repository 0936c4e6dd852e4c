using Grid.Abstractions;

namespace Grid.Client.Wire;

/// <summary>A tenant that carries what a signal says; see <see cref="SignalTenantInfo"/>. What is not a number is left out.</summary>
public sealed record SignalTenantBody
{
    public required string Tenant { get; init; }

    public required string Statistic { get; init; }

    public double? Value { get; init; }

    public double? P { get; init; }

    public long Samples { get; init; }

    public double EffectiveSamples { get; init; }

    public double Share { get; init; }

    public double? Without { get; init; }
}
