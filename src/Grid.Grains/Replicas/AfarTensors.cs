using Grid.Primitives;

namespace Grid.Grains.Replicas;

/// <summary>A request by tensors on its way to another silo's replica. Immutable.</summary>
/// <param name="Version">What shall compute.</param>
/// <param name="Revision">The catalogue revision that chose it.</param>
/// <param name="Inputs">Every input of the model.</param>
/// <param name="Outputs">What to compute; null for all.</param>
/// <param name="DeadlineMs">What is left of the caller's time when it is sent; 0: the manifest's deadline.</param>
[GenerateSerializer, Immutable, Alias("grid.afar-tensors")]
internal sealed record AfarTensors(
    [property: Id(0)] VersionKey Version,
    [property: Id(1)] long Revision,
    [property: Id(2)] Tensor[] Inputs,
    [property: Id(3)] string[]? Outputs,
    [property: Id(4)] int DeadlineMs);
