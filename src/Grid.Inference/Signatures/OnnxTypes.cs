using Grid.Primitives;
using OrtElementType = Microsoft.ML.OnnxRuntime.Tensors.TensorElementType;

namespace Grid.Inference.Signatures;

/// <summary>Element types of ONNX (<c>TensorProto.DataType</c>), whose numbers ONNX Runtime uses too, against Grid's.</summary>
internal static class OnnxTypes
{
    /// <summary>Names by number, for error messages; the numbers are those of onnx.proto.</summary>
    private static readonly string[] Names =
    [
        "UNDEFINED", "FLOAT", "UINT8", "INT8", "UINT16", "INT16", "INT32", "INT64", "STRING", "BOOL", "FLOAT16", "DOUBLE", "UINT32", "UINT64",
        "COMPLEX64", "COMPLEX128", "BFLOAT16", "FLOAT8E4M3FN", "FLOAT8E4M3FNUZ", "FLOAT8E5M2", "FLOAT8E5M2FNUZ", "UINT4", "INT4", "FLOAT4E2M1",
    ];

    public static string NameOf(long onnx) => onnx >= 0 && onnx < Names.Length ? Names[onnx] : $"type {onnx}";

    public static TensorElementType? ToGrid(long onnx) => onnx switch
    {
        1 => TensorElementType.FP32,
        2 => TensorElementType.UInt8,
        3 => TensorElementType.Int8,
        4 => TensorElementType.UInt16,
        5 => TensorElementType.Int16,
        6 => TensorElementType.Int32,
        7 => TensorElementType.Int64,
        8 => TensorElementType.Bytes,
        9 => TensorElementType.Bool,
        10 => TensorElementType.FP16,
        11 => TensorElementType.FP64,
        12 => TensorElementType.UInt32,
        13 => TensorElementType.UInt64,
        16 => TensorElementType.BF16,
        _ => null,
    };

    public static OrtElementType ToOrt(TensorElementType type) => type switch
    {
        TensorElementType.FP32 => OrtElementType.Float,
        TensorElementType.UInt8 => OrtElementType.UInt8,
        TensorElementType.Int8 => OrtElementType.Int8,
        TensorElementType.UInt16 => OrtElementType.UInt16,
        TensorElementType.Int16 => OrtElementType.Int16,
        TensorElementType.Int32 => OrtElementType.Int32,
        TensorElementType.Int64 => OrtElementType.Int64,
        TensorElementType.Bytes => OrtElementType.String,
        TensorElementType.Bool => OrtElementType.Bool,
        TensorElementType.FP16 => OrtElementType.Float16,
        TensorElementType.FP64 => OrtElementType.Double,
        TensorElementType.UInt32 => OrtElementType.UInt32,
        TensorElementType.UInt64 => OrtElementType.UInt64,
        TensorElementType.BF16 => OrtElementType.BFloat16,
        _ => throw new ArgumentOutOfRangeException(nameof(type), type, "Unknown element type."),
    };

    public static TensorElementType? ToGrid(OrtElementType ort) => ToGrid((long)(int)ort);
}
