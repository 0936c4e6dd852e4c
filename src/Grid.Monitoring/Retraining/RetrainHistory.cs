using System.Collections.Immutable;

namespace Grid.Monitoring.Retraining;

/// <summary>Trainings of a model so far. Immutable: each step gives the next one. Bounded by the largest budget.</summary>
/// <param name="Starts">When the latest trainings began, oldest first.</param>
/// <param name="LossesInARow">Challengers since the last promotion that were rejected.</param>
public sealed record RetrainHistory(ImmutableArray<DateTimeOffset> Starts, int LossesInARow)
{
    private const int MaximumStarts = 1000;

    public static readonly RetrainHistory Empty = new([], 0);

    public RetrainHistory Started(DateTimeOffset now) => this with { Starts = [.. Starts.TakeLast(MaximumStarts - 1), now] };

    public RetrainHistory Won() => this with { LossesInARow = 0 };

    public RetrainHistory Lost() => this with { LossesInARow = LossesInARow + 1 };
}
