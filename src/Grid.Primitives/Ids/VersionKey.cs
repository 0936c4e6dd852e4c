using Orleans;

namespace Grid.Primitives;

/// <summary>One immutable version of a model. Written <c>workspace/model/version</c>.</summary>
[GenerateSerializer, Immutable, Alias("grid.version-key")]
public readonly record struct VersionKey(
    [property: Id(0)] string Workspace,
    [property: Id(1)] string Model,
    [property: Id(2)] string Version)
{
    /// <exception cref="GridException">The text is not three names.</exception>
    public static VersionKey Parse(string text)
    {
        var parts = text.Split('/');
        return parts.Length == 3
            ? new VersionKey(GridNames.Require("workspace", parts[0]), GridNames.Require("model", parts[1]), GridNames.Require("version", parts[2]))
            : throw GridError.Invalid($"version key '{text}'", "is not workspace/model/version.").ToException();
    }

    public ModelKey ModelKey => new(Workspace, Model);

    public override string ToString() => $"{Workspace}/{Model}/{Version}";
}
