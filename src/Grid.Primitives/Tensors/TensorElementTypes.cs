namespace Grid.Primitives;

/// <summary>Sizes and protocol names of <see cref="TensorElementType"/>.</summary>
public static class TensorElementTypes
{
    /// <summary>Bytes an element takes; 0 for <see cref="TensorElementType.Bytes"/>, whose elements vary.</summary>
    public static int SizeOf(TensorElementType type) => type switch
    {
        TensorElementType.Bool or TensorElementType.UInt8 or TensorElementType.Int8 => 1,
        TensorElementType.UInt16 or TensorElementType.Int16 or TensorElementType.FP16 or TensorElementType.BF16 => 2,
        TensorElementType.UInt32 or TensorElementType.Int32 or TensorElementType.FP32 => 4,
        TensorElementType.UInt64 or TensorElementType.Int64 or TensorElementType.FP64 => 8,
        TensorElementType.Bytes => 0,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown element type."),
    };

    /// <summary>The Open Inference Protocol's name: <c>FP32</c>, <c>INT64</c>, <c>BYTES</c>.</summary>
    public static string NameOf(TensorElementType type) => type.ToString().ToUpperInvariant();

    public static bool TryParse(string? name, out TensorElementType type) =>
        Enum.TryParse(name, ignoreCase: true, out type) && name is not null && !char.IsAsciiDigit(name[0]) && Enum.IsDefined(type);
}
