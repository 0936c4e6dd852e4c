using System.Collections.Immutable;

namespace Grid.Inference.Manifests;

/// <summary>How many replicas a version has over the cluster, and where they may be. Immutable.</summary>
public sealed record ManifestReplicas
{
    /// <summary>What a version that does not say gets: a replica wherever it is called.</summary>
    public static readonly ManifestReplicas Default = new();

    /// <summary>Replicas that are there without a call too. Default 1; 0 to 1000. With 0 the version leaves memory when it is idle, and the next request brings it back.</summary>
    public int Min { get; init; } = 1;

    /// <summary>
    /// The most replicas; 1 to 1000, at least <see cref="Min"/>. Silos without one ask a silo that has one. Null: no limit, and each silo whose shards call the
    /// version holds it. Default null.
    /// </summary>
    public int? Max { get; init; }

    /// <summary>Without a call for this long, in minutes, the version falls to <see cref="Min"/> replicas; 0.05 (3 s) to 525,600. Null: never. Default null.</summary>
    public double? IdleMinutes { get; init; }

    /// <summary>Labels that a silo must have to hold it. Default none.</summary>
    public ImmutableArray<string> Requires { get; init; } = [];

    /// <summary>True where it says no more than <see cref="Default"/>.</summary>
    internal bool IsDefault => Min == Default.Min && Max is null && IdleMinutes is null && Requires is { IsDefault: false, IsEmpty: true };
}
