using Grid.Primitives;

namespace Grid.Client;

/// <summary>The answer to a tensor request, with what computed it.</summary>
public sealed record TensorPrediction(string Model, string Version, string Digest, IReadOnlyList<Tensor> Outputs);
