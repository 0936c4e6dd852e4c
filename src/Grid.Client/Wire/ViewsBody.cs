namespace Grid.Client.Wire;

/// <summary>Feature views of a workspace.</summary>
public sealed record ViewsBody
{
    public required string Workspace { get; init; }

    /// <summary>Digest of all of them; empty where there are none.</summary>
    public required string Generation { get; init; }

    /// <summary>Names, in order.</summary>
    public required IReadOnlyList<string> Views { get; init; }

    /// <summary>Canonical YAML.</summary>
    public required string Yaml { get; init; }

    /// <summary>Catalogue revision.</summary>
    public long Revision { get; init; }

    /// <summary>What an apply changed: <c>+ name</c>, <c>~ name</c>, <c>- name</c>.</summary>
    public required IReadOnlyList<string> Changed { get; init; }
}
