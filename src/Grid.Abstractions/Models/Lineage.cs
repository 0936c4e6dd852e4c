using Orleans;

namespace Grid.Abstractions;

/// <summary>Where a version comes from: the content of <c>lineage.json</c> in its folder, and so part of its digest. Everything may be left out.</summary>
/// <param name="Parent">The version it was made to replace.</param>
/// <param name="Signal">Id of the signal that asked for it.</param>
/// <param name="DataSet">Content digest, or address, of the data it was trained on.</param>
/// <param name="Code">Reference to the code that trained it: a commit, an image.</param>
/// <param name="Metrics">What the trainer measured, by name.</param>
[GenerateSerializer, Immutable, Alias("grid.lineage")]
public sealed record Lineage(
    [property: Id(0)] string? Parent = null,
    [property: Id(1)] string? Signal = null,
    [property: Id(2)] string? DataSet = null,
    [property: Id(3)] string? Code = null,
    [property: Id(4)] Dictionary<string, double>? Metrics = null);
