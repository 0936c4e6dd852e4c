namespace Grid.Client.Wire;

/// <summary>A model and its versions.</summary>
public sealed record ModelBody
{
    public required string Workspace { get; init; }

    public required string Model { get; init; }

    /// <summary>The version that answers.</summary>
    public string? Live { get; init; }

    public required IReadOnlyList<string> Versions { get; init; }

    /// <summary>Catalogue revision.</summary>
    public long Revision { get; init; }
}
