namespace Grid.Silo.Commands;

/// <summary>What <c>grid events send --json</c> prints.</summary>
internal sealed record SendReport
{
    /// <summary>Events by verdict.</summary>
    public required SortedDictionary<string, long> Verdicts { get; init; }

    /// <summary>Lines that did not become part of the features, with the reason.</summary>
    public required IReadOnlyList<SendRefusal> Refused { get; init; }
}
