using Grid.Abstractions;

namespace Grid.Client.Wire;

/// <summary>A signal; see <see cref="SignalInfo"/> for what each member says.</summary>
public sealed record SignalBody
{
    public required string Id { get; init; }

    public required string Type { get; init; }

    public required string Severity { get; init; }

    public required string Status { get; init; }

    public required string Model { get; init; }

    public required string Version { get; init; }

    public string? Digest { get; init; }

    public string? Tenant { get; init; }

    public string? Column { get; init; }

    public required string Statistic { get; init; }

    public double? Value { get; init; }

    public double? Reference { get; init; }

    public double Threshold { get; init; }

    public double? P { get; init; }

    public long Samples { get; init; }

    public double EffectiveSamples { get; init; }

    public WireTime From { get; init; }

    public WireTime To { get; init; }

    public WireTime OpenedAt { get; init; }

    public WireTime UpdatedAt { get; init; }

    public string? AcknowledgedBy { get; init; }

    public string? Explanation { get; init; }

    public IReadOnlyList<string>? Because { get; init; }

    public WireTime? DataFrom { get; init; }

    public WireTime? DataTo { get; init; }

    public long? LabelledRows { get; init; }

    public bool Provisional { get; init; }

    public IReadOnlyList<SignalTenantBody>? Tenants { get; init; }
}
