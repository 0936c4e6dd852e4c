using Orleans;

namespace Grid.Abstractions;

/// <summary>The feature views of a workspace.</summary>
/// <param name="Generation">Digest of all of them; empty where there are none.</param>
/// <param name="Views">Names, in order.</param>
/// <param name="Yaml">Canonical YAML.</param>
/// <param name="Changed">What an apply changed: <c>+ name</c>, <c>~ name</c>, <c>- name</c>.</param>
[GenerateSerializer, Immutable, Alias("grid.views-info")]
public sealed record ViewsInfo(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string Generation,
    [property: Id(2)] string[] Views,
    [property: Id(3)] string Yaml,
    [property: Id(4)] long Revision,
    [property: Id(5)] string[] Changed);
