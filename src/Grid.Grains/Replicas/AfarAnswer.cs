using Grid.Abstractions;
using Grid.Primitives;

namespace Grid.Grains.Replicas;

/// <summary>What another silo's replica answered. Immutable.</summary>
/// <param name="Error">Why there is no answer, or null.</param>
/// <param name="Layout">Names and lengths of a row's values; null with an error.</param>
/// <param name="Values">Row by row, the floats of all outputs one behind the other, as bytes.</param>
[GenerateSerializer, Immutable, Alias("grid.afar-answer")]
internal sealed record AfarAnswer(
    [property: Id(0)] GridError? Error,
    [property: Id(1)] OutputLayout? Layout,
    [property: Id(2)] ReadOnlyMemory<byte> Values) : IAfarAnswer
{
    public static AfarAnswer Failed(GridError error) => new(error, null, default);
}
