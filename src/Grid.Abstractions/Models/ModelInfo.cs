using Orleans;

namespace Grid.Abstractions;

/// <summary>A model and its versions.</summary>
/// <param name="Live">The version that answers, or null before the first is promoted.</param>
[GenerateSerializer, Immutable, Alias("grid.model-info")]
public sealed record ModelInfo(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string Model,
    [property: Id(2)] string? Live,
    [property: Id(3)] string[] Versions,
    [property: Id(4)] long Revision)
{
    /// <summary>How traffic divides.</summary>
    [Id(5)] public Rollout? Rollout { get; init; }

    /// <summary>Versions by alias; a request pins one as <c>@alias</c>.</summary>
    [Id(6)] public Dictionary<string, string> Aliases { get; init; } = [];

    [Id(7)] public Dictionary<string, string> Tags { get; init; } = [];
}
