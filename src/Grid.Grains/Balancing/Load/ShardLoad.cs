using Grid.Primitives;

namespace Grid.Grains.Balancing;

/// <summary>One of the heaviest shards of a silo, as its report gives it. Immutable.</summary>
/// <param name="Shard">Which shard.</param>
/// <param name="Cores">Processor time it takes, in cores (seconds a second), smoothed.</param>
/// <param name="StateBytes">Memory of its records: what its new owner has to read.</param>
/// <param name="Calls">The versions it calls most, at most a few.</param>
[GenerateSerializer, Immutable, Alias("grid.shard-load")]
internal sealed record ShardLoad(
    [property: Id(0)] ShardKey Shard,
    [property: Id(1)] double Cores,
    [property: Id(2)] long StateBytes,
    [property: Id(3)] IReadOnlyList<VersionCalls> Calls)
{
    /// <summary>Calls a second that left the silo.</summary>
    public double RemotePerSecond
    {
        get
        {
            var sum = 0.0;
            for (var i = 0; i < Calls.Count; i++)
            {
                sum += Calls[i].RemotePerSecond;
            }

            return sum;
        }
    }
}
