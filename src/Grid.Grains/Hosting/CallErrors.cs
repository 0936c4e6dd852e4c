using Grid.Primitives;
using Orleans.Runtime;

namespace Grid.Grains.Hosting;

/// <summary>What a call to an actor may end with.</summary>
internal static class CallErrors
{
    /// <summary>
    /// Whether a silo, an actor or a store was away, or this silo stops: who calls again and again notes it and goes on. Anything else is a defect and is not hidden.
    /// </summary>
    /// <param name="e">What the call ended with.</param>
    /// <param name="stopping">Where it is the caller who gave up, that does not pass.</param>
    public static bool MayPass(Exception e, CancellationToken stopping = default) =>
        e is OrleansException or TimeoutException or GridException or ObjectDisposedException or InvalidOperationException
        || (e is OperationCanceledException && !stopping.IsCancellationRequested);
}
