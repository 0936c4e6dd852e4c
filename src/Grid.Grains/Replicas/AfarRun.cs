using Grid.Primitives;

namespace Grid.Grains.Replicas;

/// <summary>Vectors on their way to another silo's replica. Immutable.</summary>
/// <param name="Version">What shall compute.</param>
/// <param name="Digest">Its content digest, as the caller knows it.</param>
/// <param name="Tenant">Whose turn it takes there.</param>
/// <param name="Rows">How many vectors, 1 or more.</param>
/// <param name="Vectors">Row by row, the floats of all inputs one behind the other, as bytes: an array of floats travels hundreds of times slower.</param>
/// <param name="DeadlineMs">What is left of the caller's time when it is sent; 0: the manifest's deadline.</param>
[GenerateSerializer, Immutable, Alias("grid.afar-run")]
internal sealed record AfarRun(
    [property: Id(0)] VersionKey Version,
    [property: Id(1)] string Digest,
    [property: Id(2)] string Tenant,
    [property: Id(3)] int Rows,
    [property: Id(4)] ReadOnlyMemory<byte> Vectors,
    [property: Id(5)] int DeadlineMs);
