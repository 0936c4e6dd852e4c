using Grid.Primitives;

namespace Grid.Client.Http;

/// <summary>Why an attempt gave no answer.</summary>
/// <param name="Exception">What the caller sees if it is the last attempt.</param>
/// <param name="Unreached">True where no connection was made, so that nothing was sent.</param>
/// <param name="FromSilo">True where a silo said so itself, in its own form.</param>
internal sealed record AttemptFailure(GridException Exception, bool Unreached, bool FromSilo)
{
    public GridError Error => Exception.Error;
}
