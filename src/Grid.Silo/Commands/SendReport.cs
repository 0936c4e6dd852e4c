namespace Grid.Silo.Commands;

/// <summary>What <c>grid events send --json</c> and <c>grid outcomes push --json</c> print.</summary>
internal sealed record SendReport
{
    /// <summary>Lines by verdict.</summary>
    public required SortedDictionary<string, long> Verdicts { get; init; }

    /// <summary>Lines that were not taken, with the reason.</summary>
    public required IReadOnlyList<SendRefusal> Refused { get; init; }
}
