using Orleans;

namespace Grid.Primitives;

/// <summary>A named predictor of a workspace. Written <c>workspace/model</c>.</summary>
[GenerateSerializer, Immutable, Alias("grid.model-key")]
public readonly record struct ModelKey([property: Id(0)] string Workspace, [property: Id(1)] string Model)
{
    /// <exception cref="GridException">The text is not two names.</exception>
    public static ModelKey Parse(string text)
    {
        var parts = text.Split('/');
        return parts.Length == 2
            ? new ModelKey(GridNames.Require("workspace", parts[0]), GridNames.Require("model", parts[1]))
            : throw GridError.Invalid($"model key '{text}'", "is not workspace/model.").ToException();
    }

    public override string ToString() => $"{Workspace}/{Model}";
}
