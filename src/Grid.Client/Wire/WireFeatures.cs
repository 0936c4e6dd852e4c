using Grid.Abstractions;

namespace Grid.Client.Wire;

/// <summary>Feature readings in wire form.</summary>
public static class WireFeatures
{
    public static FeatureReadingBody ToBody(FeatureReading reading) => new()
    {
        View = reading.View,
        Entity = reading.Entity,
        AsOf = new WireTime(reading.AsOfMs),
        NewestEvent = reading.NewestEventMs is { } newest ? new WireTime(newest) : null,
        OwnershipAgeMs = reading.OwnershipAgeMs > 0 ? reading.OwnershipAgeMs : null,
        Features = [.. reading.Names.Select((name, i) => new FeatureBody
        {
            Name = name,
            Value = new WireFloats([reading.Values[i]]),
            State = WireEnum.NameOf(reading.States[i]),
        })],
    };

    public static FeatureReading FromBody(FeatureReadingBody body) => new(
        body.View,
        body.Entity,
        body.AsOf?.UnixMs ?? 0,
        [.. body.Features.Select(f => f.Name)],
        [.. body.Features.Select(f => f.Value.Values is [var value] ? value : float.NaN)],
        [.. body.Features.Select(f => WireEnum.TryParse<FeatureState>(f.State, out var state) ? state : FeatureState.Stale)],
        body.NewestEvent?.UnixMs,
        body.OwnershipAgeMs ?? 0);
}
