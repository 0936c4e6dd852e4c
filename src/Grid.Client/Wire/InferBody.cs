namespace Grid.Client.Wire;

/// <summary>Body of an Open Inference Protocol request.</summary>
public sealed record InferBody
{
    /// <summary>Echoed in the answer.</summary>
    public string? Id { get; init; }

    /// <summary><c>timeout</c>: microseconds the caller still waits.</summary>
    public Dictionary<string, System.Text.Json.JsonElement>? Parameters { get; init; }

    public required IReadOnlyList<TensorBody> Inputs { get; init; }

    /// <summary>Default all.</summary>
    public IReadOnlyList<InferOutputBody>? Outputs { get; init; }
}
