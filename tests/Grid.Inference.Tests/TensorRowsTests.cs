using Grid.Inference.Scheduling;
using Grid.Inference.Tensors;
using Grid.Inference.Tests.Support;
using Grid.Primitives;

namespace Grid.Inference.Tests;

/// <summary>A request by tensors as the rows that would have been asked instead.</summary>
public sealed class TensorRowsTests
{
    private static readonly RunContext Context = new("t");

    [Fact]
    public async Task Rows_AreTheBitsThatWentIn_AndTheValuesThatRowsAnswer()
    {
        await using var test = new TestHost();
        using var replica = await test.LoadFlightsAsync();
        float[] values = [.. Enumerable.Range(0, 3 * 24).Select(static i => i % 7 == 0 ? -0f : i / 3f)];
        Tensor[] inputs = [Tensor.Create<float>("features", TensorElementType.FP32, [3, 24], values)];
        var rows = TensorRows.Of(replica, inputs, await replica.RunTensorsAsync(inputs, null, Context));

        Assert.NotNull(rows);
        Assert.Equal([24], rows.Vectors.Select(static v => v.Length).Distinct());
        Assert.Equal(values.Select(BitConverter.SingleToInt32Bits), rows.Vectors.SelectMany(static v => v).Select(BitConverter.SingleToInt32Bits));
        Assert.Equal([1], TensorRows.WidthsOf(replica));
        Assert.Equal(24, TensorRows.ColumnsOf(replica).Length);
        for (var row = 0; row < 3; row++)
        {
            using var buffer = replica.Rent();
            rows.Vectors[row].CopyTo(buffer.Row(0));
            Assert.True((await replica.RunAsync(buffer, Context)).IsOk);
            Assert.Equal(buffer.Output(0).ToArray(), rows.Values[row]);
        }
    }

    [Theory]
    [InlineData(1L << 24, true)]
    [InlineData((1L << 24) + 1, false)]
    [InlineData(long.MaxValue, false)]
    [InlineData(long.MinValue, true)]
    public async Task WholeNumbersThatAFloatCannotHold_AreNoRows(long number, bool fits)
    {
        await using var test = new TestHost();
        using var replica = await test.LoadAsync("whole", OnnxBuilder.Identity(OnnxBuilder.Int64, null, 2));
        Tensor[] inputs = [Tensor.Create<long>("x", TensorElementType.Int64, [1, 2], [3, number])];
        var rows = TensorRows.Of(replica, inputs, await replica.RunTensorsAsync(inputs, null, Context));
        Assert.Equal(fits, rows is not null);
        Assert.Equal(["x.0", "x.1"], TensorRows.ColumnsOf(replica));
    }

    [Fact]
    public async Task RequestsOfNoRows_AndAnswersWithoutTheValues_AreNone()
    {
        await using var test = new TestHost();
        using var replica = await test.LoadAsync("rows", OnnxBuilder.Identity(OnnxBuilder.Float, null, 2));
        Tensor[] none = [Tensor.Create<float>("x", TensorElementType.FP32, [0, 2], [])];
        Assert.Null(TensorRows.Of(replica, none, await replica.RunTensorsAsync(none, null, Context)));
        Tensor[] one = [Tensor.Create<float>("x", TensorElementType.FP32, [1, 2], [1, 2])];
        Assert.Null(TensorRows.Of(replica, one, []));
        using var scalar = await test.LoadAsync("scalar", OnnxBuilder.Identity(OnnxBuilder.Float));
        Assert.Null(TensorRows.Of(scalar, [Tensor.Create<float>("x", TensorElementType.FP32, [], [1])], []));
    }
}
