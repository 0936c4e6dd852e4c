using System.Buffers;
using System.Text;
using System.Text.Json;
using CsCheck;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Client.Tests.Wire;

public sealed class TensorTests
{
    private static readonly TensorElementType[] JsonTypes = [.. Enum.GetValues<TensorElementType>().Except([TensorElementType.FP16, TensorElementType.BF16, TensorElementType.Bytes])];

    [Fact]
    public void EveryTypeThatJsonCarries_ReadsBackToTheByte() =>
        Gen.Select(Gen.OneOf([.. JsonTypes.Select(Gen.Const)]), Gen.Int[0, 12], Gen.Byte.Array[96]).Sample(
            static (type, count, bytes) =>
            {
                var data = bytes[..(count * TensorElementTypes.SizeOf(type))];
                if (type == TensorElementType.Bool)
                {
                    data = [.. data.Select(static b => (byte)(b & 1))];
                }

                // A NaN has many bit patterns, and text has one.
                Canonicalize(type, data);
                var tensor = new Tensor("x", type, [count], data);
                Assert.Equal(data, Read(Write(tensor), type, [count]).Data.ToArray());
            },
            iter: 3000);

    [Fact]
    public void Texts_ReadBack()
    {
        var tensor = Read("""["ab","","ü"]""", TensorElementType.Bytes, [3]);
        Assert.Equal((byte[])[2, 0, 0, 0, (byte)'a', (byte)'b', 0, 0, 0, 0, 2, 0, 0, 0, 0xC3, 0xBC], tensor.Data.ToArray());
        Assert.Equal(["ab", "", "ü"], JsonSerializer.Deserialize<string[]>(Write(tensor))!);
    }

    [Fact]
    public void NestedData_IsTheSameAsFlat() =>
        Assert.Equal(Read("[1,2,3,4]", TensorElementType.Int32, [2, 2]).Data.ToArray(), Read("[[1,2],[3,4]]", TensorElementType.Int32, [2, 2]).Data.ToArray());

    [Theory]
    [InlineData("[1,2,3]", "INT32", new long[] { 2 }, "more elements")]
    [InlineData("[1]", "INT32", new long[] { 2 }, "has 1 elements, but shape [2] needs 2")]
    [InlineData("[1]", "INT32", new long[] { -1 }, "negative dimension -1")]
    [InlineData("[1]", "INT32", new long[] { 1L << 40, 1L << 40 }, "elements")]
    [InlineData("[1.5]", "INT32", new long[] { 1 }, "element 0 (1.5) is not a value of INT32")]
    [InlineData("[0,300]", "UINT8", new long[] { 2 }, "element 1 (300) is not a value of UINT8")]
    [InlineData("[-1]", "UINT64", new long[] { 1 }, "element 0 (-1)")]
    [InlineData("[1e39]", "FP32", new long[] { 1 }, "element 0 (1e39) is not a value of FP32")]
    [InlineData("[\"x\"]", "FP32", new long[] { 1 }, "element 0 (\"x\")")]
    [InlineData("[2]", "BOOL", new long[] { 1 }, "element 0 (2) is not a value of BOOL")]
    [InlineData("[null]", "FP64", new long[] { 1 }, "element 0 (null)")]
    [InlineData("[1]", "BYTES", new long[] { 1 }, "is not a value of BYTES")]
    [InlineData("{\"a\":1}", "FP32", new long[] { 1 }, "not an array")]
    [InlineData("[{}]", "FP32", new long[] { 1 }, "element 0")]
    [InlineData("[1]", "FP16", new long[] { 1 }, "receiving FP16 data via JSON is not supported. Please use the binary data format")]
    [InlineData("[1]", "BF16", new long[] { 1 }, "receiving BF16 data via JSON is not supported. Please use the binary data format")]
    public void WrongData_IsRefusedByNameAndPlace(string json, string type, long[] shape, string expected)
    {
        Assert.True(TensorElementTypes.TryParse(type, out var parsed));
        var failure = Assert.Throws<GridException>(() => Read(json, parsed, shape));
        Assert.Contains("'x'", failure.Error.Target, StringComparison.Ordinal);
        Assert.Contains(expected, failure.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void HugeShape_AllocatesForWhatIsThereOnly()
    {
        var before = GC.GetAllocatedBytesForCurrentThread();
        Assert.Throws<GridException>(static () => Read("[1]", TensorElementType.FP64, [200_000_000]));
        Assert.True(GC.GetAllocatedBytesForCurrentThread() - before < 1 << 20);
    }

    private static void Canonicalize(TensorElementType type, byte[] data)
    {
        if (type == TensorElementType.FP32)
        {
            foreach (ref var v in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, float>(data.AsSpan()))
            {
                v = float.IsNaN(v) ? float.NaN : v;
            }
        }
        else if (type == TensorElementType.FP64)
        {
            foreach (ref var v in System.Runtime.InteropServices.MemoryMarshal.Cast<byte, double>(data.AsSpan()))
            {
                v = double.IsNaN(v) ? double.NaN : v;
            }
        }
    }

    private static Tensor Read(string json, TensorElementType type, long[] shape)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(json));
        reader.Read();
        return WireTensors.ReadData(ref reader, "x", type, shape);
    }

    private static string Write(Tensor tensor)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            WireTensors.WriteData(writer, tensor);
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
