namespace Grid.Train.Data;

/// <summary>A run of rows of a <see cref="TrainingSet"/>, in its order. A view: nothing is copied.</summary>
internal readonly ref struct TrainingRows(ReadOnlySpan<float> features, ReadOnlySpan<float> labels, ReadOnlySpan<float> weights, int width)
{
    /// <summary>Row after row.</summary>
    public ReadOnlySpan<float> Features { get; } = features;

    public ReadOnlySpan<float> Labels { get; } = labels;

    /// <summary>Empty where all rows weigh the same.</summary>
    public ReadOnlySpan<float> Weights { get; } = weights;

    /// <summary>Features of a row.</summary>
    public int Width { get; } = width;

    public int Count => Labels.Length;

    public ReadOnlySpan<float> Row(int row) => Features.Slice(row * Width, Width);
}
