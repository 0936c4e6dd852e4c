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

    /// <summary>How traffic divides.</summary>
    public RolloutBody? Rollout { get; init; }

    /// <summary>Versions by alias; a request pins one as <c>@alias</c>.</summary>
    public Dictionary<string, string>? Aliases { get; init; }

    public Dictionary<string, string>? Tags { get; init; }
}
