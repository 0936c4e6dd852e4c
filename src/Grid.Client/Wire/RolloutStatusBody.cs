namespace Grid.Client.Wire;

/// <summary>A rollout and what has been measured under it since its last change of traffic.</summary>
public sealed record RolloutStatusBody
{
    public required string Workspace { get; init; }

    public required string Model { get; init; }

    public required RolloutBody Rollout { get; init; }

    public required IReadOnlyList<VersionTallyBody> Versions { get; init; }

    public required IReadOnlyList<ComparisonBody> Comparisons { get; init; }

    /// <summary>What the guards of the version on trial measure now.</summary>
    public required IReadOnlyList<FigureBody> Guards { get; init; }

    public StepBody? Last { get; init; }

    /// <summary>Catalogue revision.</summary>
    public long Revision { get; init; }
}
