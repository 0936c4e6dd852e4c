namespace Grid.Client.Wire;

/// <summary>A silo weighed up for a shard or a version.</summary>
public sealed record PlaceBody
{
    public required string Silo { get; init; }

    /// <summary>Whether it is there.</summary>
    public bool Here { get; init; }

    /// <summary>Its draw where a shard that nobody holds is placed: the highest has it.</summary>
    public double Score { get; init; }

    /// <summary>Utilisation of the silo now, as a share of its cores.</summary>
    public double UsedShare { get; init; }

    /// <summary>Utilisation if the shard were there.</summary>
    public double ShareThere { get; init; }

    /// <summary>For a shard the calls that would leave the silo if it were there; for a version the calls of the silo's shards.</summary>
    public double CallsPerSecond { get; init; }
}
