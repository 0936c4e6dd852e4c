using System.Runtime.InteropServices;
using Orleans;

namespace Grid.Primitives;

/// <summary>
/// A dense, row-major, little-endian tensor. Immutable once made: whoever makes it gives its bytes away, so that a call inside a process copies nothing.
/// Travels as one blob (an element-wise array codec costs hundreds of times more).
/// </summary>
[GenerateSerializer, Immutable, Alias("grid.tensor")]
public sealed class Tensor
{
    /// <param name="name">Input or output name of the model.</param>
    /// <param name="elementType">Type of each element.</param>
    /// <param name="shape">Dimensions, each 0 or more; empty for a scalar.</param>
    /// <param name="data">Row-major bytes; for <see cref="TensorElementType.Bytes"/> length-prefixed elements.</param>
    /// <exception cref="GridException">A dimension is negative, or bytes and shape disagree.</exception>
    public Tensor(string name, TensorElementType elementType, long[] shape, ReadOnlyMemory<byte> data)
    {
        Name = name;
        ElementType = elementType;
        Shape = shape;
        Data = data;
        var size = TensorElementTypes.SizeOf(elementType);
        var count = CountElements(name, shape);
        if (size > 0 && count * size != data.Length)
        {
            throw GridError.Invalid(
                $"tensor '{name}'",
                $"holds {data.Length} bytes, but shape [{string.Join(",", shape)}] of {TensorElementTypes.NameOf(elementType)} needs {count * size}.",
                "Send as many elements as the shape says.").ToException();
        }
    }

    [Id(0)] public string Name { get; }

    [Id(1)] public TensorElementType ElementType { get; }

    /// <summary>Dimensions; never mutated.</summary>
    [Id(2)] public long[] Shape { get; }

    [Id(3)] public ReadOnlyMemory<byte> Data { get; }

    /// <summary>The elements as <typeparamref name="T"/>, whose size must be the element's.</summary>
    public ReadOnlySpan<T> AsSpan<T>() where T : unmanaged => MemoryMarshal.Cast<byte, T>(Data.Span);

    public static Tensor Create<T>(string name, TensorElementType type, long[] shape, ReadOnlySpan<T> values) where T : unmanaged =>
        new(name, type, shape, MemoryMarshal.AsBytes(values).ToArray());

    /// <summary>The product of the dimensions; 1 for a scalar.</summary>
    /// <exception cref="GridException">A dimension is negative, or the product does not fit a 31-bit byte count.</exception>
    public static long CountElements(string name, ReadOnlySpan<long> shape)
    {
        long count = 1;
        foreach (var dimension in shape)
        {
            if (dimension < 0)
            {
                throw GridError.Invalid($"tensor '{name}'", $"has the negative dimension {dimension}.", "Every dimension of a request is 0 or more.").ToException();
            }

            if (dimension != 0 && count > int.MaxValue / dimension)
            {
                throw new GridError(GridErrorCode.TooLarge, $"tensor '{name}'", $"shape [{string.Join(",", shape.ToArray())}] has over {int.MaxValue} elements.", "Split the request.").ToException();
            }

            count *= dimension;
        }

        return count;
    }
}
