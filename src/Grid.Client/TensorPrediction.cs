using Grid.Primitives;

namespace Grid.Client;

/// <summary>The answer to a tensor request, with what computed it.</summary>
public sealed record TensorPrediction(string Model, string Version, string Digest, IReadOnlyList<Tensor> Outputs)
{
    /// <summary>
    /// Id of the first row in the log, of tenant <c>tensors</c>; the last part of the others' counts on from it in hexadecimal.
    /// Null where the model is not logged, or the request is none of rows of numbers with all the values that the manifest names.
    /// </summary>
    public string? PredictionId { get; init; }
}
