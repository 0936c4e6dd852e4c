using Grid.Primitives;

namespace Grid.Grains.Replicas;

/// <summary>What another silo's replica answered to tensors. Immutable.</summary>
/// <param name="Error">Why there is no answer, or null.</param>
/// <param name="Digest">Content digest of what computed it.</param>
/// <param name="Outputs">The answer; empty with an error.</param>
/// <param name="PredictionId">Id of the first row where it was logged there; otherwise null.</param>
[GenerateSerializer, Immutable, Alias("grid.afar-tensor-answer")]
internal sealed record AfarTensorAnswer(
    [property: Id(0)] GridError? Error,
    [property: Id(1)] string Digest,
    [property: Id(2)] Tensor[] Outputs,
    [property: Id(3)] string? PredictionId) : IAfarAnswer
{
    public static AfarTensorAnswer Failed(GridError error) => new(error, "", [], null);
}
