namespace Grid.Primitives;

/// <summary>Element types, with the names of the Open Inference Protocol. Values are wire format.</summary>
public enum TensorElementType : byte
{
    Bool = 1,
    UInt8 = 2,
    UInt16 = 3,
    UInt32 = 4,
    UInt64 = 5,
    Int8 = 6,
    Int16 = 7,
    Int32 = 8,
    Int64 = 9,
    FP16 = 10,
    BF16 = 11,
    FP32 = 12,
    FP64 = 13,

    /// <summary>Strings or blobs: for every element a little-endian 32-bit length, then the bytes.</summary>
    Bytes = 14,
}
