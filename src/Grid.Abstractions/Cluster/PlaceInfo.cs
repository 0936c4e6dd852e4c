using Orleans;

namespace Grid.Abstractions;

/// <summary>A silo weighed up for a shard or a version. Immutable.</summary>
[GenerateSerializer, Immutable, Alias("grid.place-info")]
public sealed record PlaceInfo
{
    [Id(0)] public required string Silo { get; init; }

    /// <summary>Whether it is there.</summary>
    [Id(1)] public bool IsHere { get; init; }

    /// <summary>Its draw where a shard that nobody holds is placed: the highest has it. 0 where the silo takes nothing, and for versions.</summary>
    [Id(2)] public double Score { get; init; }

    /// <summary>Utilisation of the silo now, as a share of its cores.</summary>
    [Id(3)] public double UsedShare { get; init; }

    /// <summary>Utilisation if the shard were there, as a share of its cores.</summary>
    [Id(4)] public double ShareThere { get; init; }

    /// <summary>For a shard the calls a second that would leave the silo if it were there; for a version the calls of the silo's shards.</summary>
    [Id(5)] public double CallsPerSecond { get; init; }
}
