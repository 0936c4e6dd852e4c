using Grid.Inference.Rows;

namespace Grid.Grains.Shards;

/// <summary>One vector: in the memory that a model of this silo reads, or in plain memory on its way to another silo. As valid as what it was made of.</summary>
internal readonly struct VectorRow
{
    private readonly RowBuffer? _buffer;
    private readonly float[]? _floats;
    private readonly int _row;

    public VectorRow(RowBuffer buffer, int row)
    {
        _buffer = buffer;
        _row = row;
    }

    /// <param name="floats">Vectors row by row, the inputs of each one behind the other.</param>
    /// <param name="row">Which row.</param>
    public VectorRow(float[] floats, int row)
    {
        _floats = floats;
        _row = row;
    }

    /// <summary>What fills one input of the model.</summary>
    public Span<float> Input(BoundVector vector, int input)
    {
        if (_buffer is not null)
        {
            return _buffer.Row(_row, input);
        }

        var at = _row * vector.Count;
        for (var before = 0; before < input; before++)
        {
            at += vector.Inputs[before].Count;
        }

        return _floats.AsSpan(at, vector.Inputs[input].Count);
    }

    /// <summary>A copy of all inputs, one behind the other.</summary>
    public float[] Copy(BoundVector vector)
    {
        var copy = new float[vector.Count];
        CopyTo(vector, copy);
        return copy;
    }

    /// <summary>Writes all inputs, one behind the other.</summary>
    public void CopyTo(BoundVector vector, Span<float> into)
    {
        for (var input = 0; input < vector.Inputs.Length; input++)
        {
            var floats = Input(vector, input);
            floats.CopyTo(into);
            into = into[floats.Length..];
        }
    }

    public void Clear(BoundVector vector)
    {
        for (var input = 0; input < vector.Inputs.Length; input++)
        {
            Input(vector, input).Clear();
        }
    }
}
