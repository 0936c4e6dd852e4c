using Grid.Primitives;

namespace Grid.Inference.Rows;

/// <summary>One ONNX input on the row path. Immutable.</summary>
/// <param name="Name">Name in the graph.</param>
/// <param name="Type">FP32, FP64, INT64 or INT32.</param>
/// <param name="Columns">Elements of one row.</param>
/// <param name="Tail">The dimensions after the batch; their product is <paramref name="Columns"/>.</param>
/// <param name="ColumnNames">What the columns are called in the manifest; empty without one.</param>
internal sealed record RowInput(string Name, TensorElementType Type, int Columns, long[] Tail, string[] ColumnNames)
{
    public int RowBytes => Columns * TensorElementTypes.SizeOf(Type);

    public string DescribeColumn(int column) => column < ColumnNames.Length ? ColumnNames[column] : $"{Name}[{column}]";

    public long[] Shape(int rows) => [rows, .. Tail];
}
