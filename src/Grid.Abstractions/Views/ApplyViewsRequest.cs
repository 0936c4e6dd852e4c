using Orleans;

namespace Grid.Abstractions;

/// <summary>Feature views to add or change.</summary>
/// <param name="Yaml">One or more YAML documents.</param>
/// <param name="Source">Name of the text in errors: a file name.</param>
/// <param name="DryRun">Validate and answer what would change, and change nothing.</param>
/// <param name="Prune">Also remove the views that the text does not name.</param>
[GenerateSerializer, Immutable, Alias("grid.apply-views-request")]
public sealed record ApplyViewsRequest(
    [property: Id(0)] string Yaml,
    [property: Id(1)] string Source,
    [property: Id(2)] bool DryRun,
    [property: Id(3)] bool Prune);
