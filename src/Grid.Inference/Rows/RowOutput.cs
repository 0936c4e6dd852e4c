using Grid.Primitives;

namespace Grid.Inference.Rows;

/// <summary>One ONNX output that is bound on the row path. Immutable.</summary>
internal sealed record RowOutput(string Name, TensorElementType Type, int Width, long[] Tail)
{
    public int RowBytes => Width * TensorElementTypes.SizeOf(Type);

    public long[] Shape(int rows) => [rows, .. Tail];
}
