using System.Buffers;
using System.Buffers.Binary;
using System.Text;
using System.Text.Json;
using Grid.Primitives;

namespace Grid.Client.Wire;

/// <summary>Tensor data as the Open Inference Protocol writes it in JSON: nested or flat in, flat row-major out.</summary>
public static class WireTensors
{
    /// <summary>Reads the array that the reader stands on. The buffer grows with what is there, never with what the shape promises.</summary>
    /// <param name="reader">On the first token of the data; left on its last.</param>
    /// <param name="name">Name of the tensor.</param>
    /// <param name="type">Type of each element.</param>
    /// <param name="shape">Declared dimensions, each 0 or more.</param>
    /// <exception cref="GridException">The type cannot travel in JSON, an element is of another kind or out of range, or there are more or fewer than the shape says.</exception>
    public static Tensor ReadData(ref Utf8JsonReader reader, string name, TensorElementType type, long[] shape)
    {
        RequireJsonType(name, type);
        var expected = Tensor.CountElements(name, shape);
        if (reader.TokenType != JsonTokenType.StartArray)
        {
            throw GridError.Invalid(Target(name), "has data that is not an array.", "Send data as an array, flat or nested.").ToException();
        }

        var data = new ArrayBufferWriter<byte>(256);
        var depth = 1;
        long count = 0;
        while (depth > 0 && reader.Read())
        {
            switch (reader.TokenType)
            {
                case JsonTokenType.StartArray:
                    depth++;
                    break;
                case JsonTokenType.EndArray:
                    depth--;
                    break;
                default:
                    if (++count > expected)
                    {
                        throw WrongCount(name, shape, expected, "more");
                    }

                    ReadElement(ref reader, data, name, type, count - 1);
                    break;
            }
        }

        return count == expected
            ? new Tensor(name, type, shape, data.WrittenMemory)
            : throw WrongCount(name, shape, expected, $"{count}");
    }

    /// <summary>Writes the elements as a flat array. Floats that are not finite are texts (<see cref="WireFloat"/>).</summary>
    /// <exception cref="GridException">The type cannot travel in JSON, or a text is not UTF-8.</exception>
    public static void WriteData(Utf8JsonWriter writer, Tensor tensor)
    {
        RequireJsonType(tensor.Name, tensor.ElementType);
        writer.WriteStartArray();
        switch (tensor.ElementType)
        {
            case TensorElementType.Bool:
                foreach (var value in tensor.Data.Span)
                {
                    writer.WriteBooleanValue(value != 0);
                }

                break;
            case TensorElementType.UInt8: WriteIntegers<byte>(writer, tensor, static v => v); break;
            case TensorElementType.UInt16: WriteIntegers<ushort>(writer, tensor, static v => v); break;
            case TensorElementType.UInt32: WriteIntegers<uint>(writer, tensor, static v => v); break;
            case TensorElementType.Int8: WriteIntegers<sbyte>(writer, tensor, static v => v); break;
            case TensorElementType.Int16: WriteIntegers<short>(writer, tensor, static v => v); break;
            case TensorElementType.Int32: WriteIntegers<int>(writer, tensor, static v => v); break;
            case TensorElementType.Int64: WriteIntegers<long>(writer, tensor, static v => v); break;
            case TensorElementType.UInt64:
                foreach (var value in tensor.AsSpan<ulong>())
                {
                    writer.WriteNumberValue(value);
                }

                break;
            case TensorElementType.FP32:
                foreach (var value in tensor.AsSpan<float>())
                {
                    WireFloat.Write(writer, value);
                }

                break;
            case TensorElementType.FP64:
                foreach (var value in tensor.AsSpan<double>())
                {
                    WireFloat.Write(writer, value);
                }

                break;
            case TensorElementType.Bytes:
                WriteTexts(writer, tensor);
                break;
        }

        writer.WriteEndArray();
    }

    private static void WriteIntegers<T>(Utf8JsonWriter writer, Tensor tensor, Func<T, long> widen) where T : unmanaged
    {
        foreach (var value in tensor.AsSpan<T>())
        {
            writer.WriteNumberValue(widen(value));
        }
    }

    private static void WriteTexts(Utf8JsonWriter writer, Tensor tensor)
    {
        var rest = tensor.Data.Span;
        while (rest.Length >= 4)
        {
            var length = BinaryPrimitives.ReadInt32LittleEndian(rest);
            if (length < 0 || length > rest.Length - 4)
            {
                throw new GridError(GridErrorCode.Corrupt, Target(tensor.Name), $"has an element of {length} bytes with {rest.Length - 4} left.").ToException();
            }

            var text = rest.Slice(4, length);
            if (!System.Text.Unicode.Utf8.IsValid(text))
            {
                throw new GridError(GridErrorCode.Unsupported, Target(tensor.Name), "holds bytes that are not UTF-8, which JSON cannot carry.", "Ask for other outputs.").ToException();
            }

            writer.WriteStringValue(text);
            rest = rest[(4 + length)..];
        }
    }

    private static void ReadElement(ref Utf8JsonReader reader, ArrayBufferWriter<byte> data, string name, TensorElementType type, long index)
    {
        var ok = type switch
        {
            TensorElementType.Bool => TryReadBool(ref reader, out var v) && Put(data, v ? (byte)1 : (byte)0),
            TensorElementType.UInt8 => IsNumber(ref reader) && reader.TryGetByte(out var v) && Put(data, v),
            TensorElementType.UInt16 => IsNumber(ref reader) && reader.TryGetUInt16(out var v) && Put(data, v),
            TensorElementType.UInt32 => IsNumber(ref reader) && reader.TryGetUInt32(out var v) && Put(data, v),
            TensorElementType.UInt64 => IsNumber(ref reader) && reader.TryGetUInt64(out var v) && Put(data, v),
            TensorElementType.Int8 => IsNumber(ref reader) && reader.TryGetSByte(out var v) && Put(data, v),
            TensorElementType.Int16 => IsNumber(ref reader) && reader.TryGetInt16(out var v) && Put(data, v),
            TensorElementType.Int32 => IsNumber(ref reader) && reader.TryGetInt32(out var v) && Put(data, v),
            TensorElementType.Int64 => IsNumber(ref reader) && reader.TryGetInt64(out var v) && Put(data, v),
            TensorElementType.FP32 => IsNumber(ref reader)
                ? reader.TryGetSingle(out var v) && float.IsFinite(v) && Put(data, v)
                : WireFloat.TryReadName(ref reader, out var special) && Put(data, (float)special),
            TensorElementType.FP64 => IsNumber(ref reader)
                ? reader.TryGetDouble(out var v) && double.IsFinite(v) && Put(data, v)
                : WireFloat.TryReadName(ref reader, out var special) && Put(data, special),
            TensorElementType.Bytes => reader.TokenType == JsonTokenType.String && PutText(data, reader.GetString()!),
            _ => false,
        };
        if (!ok)
        {
            throw GridError.Invalid(
                Target(name),
                $"element {index} ({Describe(ref reader)}) is not a value of {TensorElementTypes.NameOf(type)}.",
                "Send elements of the declared datatype, within its range.").ToException();
        }
    }

    private static bool IsNumber(ref Utf8JsonReader reader) => reader.TokenType == JsonTokenType.Number;

    // Clients send 0 and 1 for booleans too.
    private static bool TryReadBool(ref Utf8JsonReader reader, out bool value)
    {
        value = reader.TokenType == JsonTokenType.True;
        if (reader.TokenType is JsonTokenType.True or JsonTokenType.False)
        {
            return true;
        }

        if (IsNumber(ref reader) && reader.TryGetByte(out var number) && number <= 1)
        {
            value = number == 1;
            return true;
        }

        return false;
    }

    private static bool Put<T>(ArrayBufferWriter<byte> data, T value) where T : unmanaged
    {
        var size = System.Runtime.CompilerServices.Unsafe.SizeOf<T>();
        System.Runtime.InteropServices.MemoryMarshal.Write(data.GetSpan(size), value);
        data.Advance(size);
        return true;
    }

    private static bool PutText(ArrayBufferWriter<byte> data, string text)
    {
        var length = Encoding.UTF8.GetByteCount(text);
        var span = data.GetSpan(4 + length);
        BinaryPrimitives.WriteInt32LittleEndian(span, length);
        Encoding.UTF8.GetBytes(text, span[4..]);
        data.Advance(4 + length);
        return true;
    }

    private static string Describe(ref Utf8JsonReader reader)
    {
        var text = Encoding.UTF8.GetString(reader.ValueSpan[..Math.Min(reader.ValueSpan.Length, 32)]);
        return reader.TokenType == JsonTokenType.String ? $"\"{text}\"" : text;
    }

    private static void RequireJsonType(string name, TensorElementType type)
    {
        if (type is TensorElementType.FP16 or TensorElementType.BF16)
        {
            var datatype = TensorElementTypes.NameOf(type);
            throw GridError.Invalid(
                Target(name),
                $"receiving {datatype} data via JSON is not supported. Please use the binary data format",
                "JSON has no 16-bit floats.").ToException();
        }
    }

    private static GridException WrongCount(string name, long[] shape, long expected, string got) =>
        GridError.Invalid(
            Target(name),
            $"has {got} elements, but shape [{string.Join(",", shape)}] needs {expected}.",
            "Send as many elements as the shape says.").ToException();

    private static string Target(string name) => $"input '{name}'";
}
