namespace Grid.Inference.Signatures;

/// <summary>An input or output as the file declares it, before it is judged.</summary>
internal sealed class DeclaredValue
{
    public string Name { get; set; } = "";

    /// <summary><c>tensor</c>, <c>sequence</c>, <c>map</c>, <c>sparse tensor</c>, <c>optional</c>, or empty where the file does not say.</summary>
    public string Kind { get; set; } = "";

    /// <summary>The number of <c>TensorProto.DataType</c>.</summary>
    public long ElementType { get; set; }

    public bool RankKnown { get; set; }

    public List<long> Dimensions { get; } = [];

    public List<string?> Symbols { get; } = [];
}
