using Grid.Primitives;

namespace Grid.Features.Shards;

/// <summary>What a read found.</summary>
/// <param name="Error">Why nothing was read; null where the vector is written.</param>
/// <param name="NewestEventMs">Event time of the newest event in the records read; <see cref="long.MinValue"/> for none.</param>
/// <param name="Known">Records found.</param>
/// <param name="IsDegraded">Whether any value is <see cref="FeatureState.Degraded"/>.</param>
public readonly record struct ReadOutcome(GridError? Error, long NewestEventMs, int Known, bool IsDegraded)
{
    public bool IsOk => Error is null;

    internal static ReadOutcome Failed(GridError error) => new(error, long.MinValue, 0, false);
}
