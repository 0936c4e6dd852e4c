namespace Grid.Inference.Rows;

/// <summary>A value of an answer: the whole row of a bound output, or one element of it. Immutable.</summary>
/// <param name="Name">Its public name.</param>
/// <param name="Source">Position of the bound output.</param>
/// <param name="Index">The element; -1 for the whole row.</param>
/// <param name="Width">Floats a row.</param>
internal sealed record PublicOutput(string Name, int Source, int Index, int Width);
