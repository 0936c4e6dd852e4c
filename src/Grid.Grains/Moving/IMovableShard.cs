using Orleans.Runtime;

namespace Grid.Grains.Moving;

/// <summary>The side of a shard that the balancer sees.</summary>
[Alias("grid.IMovableShard"), GrainInterfaceType("grid.movable-shard")]
internal interface IMovableShard : IGrainWithStringKey
{
    /// <summary>
    /// Moves the shard while it serves: the target reads it ahead, then this owner flushes and hands over. Requests that come meanwhile wait and follow it.
    /// </summary>
    /// <param name="target">The silo to live on.</param>
    /// <returns>False where it lives there already. True once the hand-over has begun; the next call is answered by the target.</returns>
    /// <exception cref="Primitives.GridException">Unavailable: the target could not read it ahead, or this owner is lost. Overloaded: the target reads others ahead. Nothing was moved.</exception>
    [Alias("MoveTo"), ResponseTimeout("00:05:00")]
    ValueTask<bool> MoveToAsync(SiloAddress target, CancellationToken cancellationToken = default);
}
