using System.Runtime.InteropServices;
using Grid.Inference.Hosting;
using Grid.Inference.Scheduling;
using Grid.Inference.Tests.Support;
using Grid.Primitives;

namespace Grid.Inference.Tests;

public sealed class TensorPathTests
{
    private static readonly RunContext Context = new("t");

    public static TheoryData<int, TensorElementType> Types => new()
    {
        { OnnxBuilder.Float, TensorElementType.FP32 },
        { OnnxBuilder.Double, TensorElementType.FP64 },
        { OnnxBuilder.Float16, TensorElementType.FP16 },
        { OnnxBuilder.BFloat16, TensorElementType.BF16 },
        { OnnxBuilder.Bool, TensorElementType.Bool },
        { OnnxBuilder.Int32, TensorElementType.Int32 },
        { OnnxBuilder.Int64, TensorElementType.Int64 },
        { 2, TensorElementType.UInt8 },
        { 3, TensorElementType.Int8 },
        { 4, TensorElementType.UInt16 },
        { 5, TensorElementType.Int16 },
        { 12, TensorElementType.UInt32 },
        { 13, TensorElementType.UInt64 },
    };

    [Theory]
    [MemberData(nameof(Types))]
    public async Task AnyType_GoesThroughByteForByte_AsRowsScalarsAndNothing(int onnx, TensorElementType type)
    {
        await using var test = new TestHost();
        using var rows = await test.LoadAsync("rows", OnnxBuilder.Identity(onnx, null, 3));
        using var scalar = await test.LoadAsync("scalar", OnnxBuilder.Identity(onnx));
        var bytes = Enumerable.Range(0, 6 * TensorElementTypes.SizeOf(type)).Select(i => (byte)(type == TensorElementType.Bool ? i % 2 : i)).ToArray();

        foreach (var (replica, shape, data) in (IEnumerable<(Replica, long[], byte[])>)[(rows, [2, 3], bytes), (rows, [0, 3], []), (scalar, [], bytes[..TensorElementTypes.SizeOf(type)])])
        {
            var output = Assert.Single(await replica.RunTensorsAsync([new Tensor("x", type, shape, data)], null, Context));
            Assert.Equal(("y", type), (output.Name, output.ElementType));
            Assert.Equal(shape, output.Shape);
            Assert.Equal(data, output.Data.ToArray());
        }
    }

    [Fact]
    public async Task Strings_GoThroughAsBytes()
    {
        await using var test = new TestHost();
        using var replica = await test.LoadAsync("strings", OnnxBuilder.Identity(OnnxBuilder.String, [null]));
        byte[] data = [2, 0, 0, 0, (byte)'a', (byte)'b', 0, 0, 0, 0, 3, 0, 0, 0, 0xE8, 0xAA, 0x9E];
        var output = Assert.Single(await replica.RunTensorsAsync([new Tensor("x", TensorElementType.Bytes, [3], data)], ["y"], Context));
        Assert.Equal(data, output.Data.ToArray());
        Assert.Empty(Assert.Single(await replica.RunTensorsAsync([new Tensor("x", TensorElementType.Bytes, [0], default)], ["y"], Context)).Data.ToArray());
    }

    [Fact]
    public async Task StatefulModel_TakesItsStateAndGivesTheNext()
    {
        await using var test = new TestHost();
        using var replica = await test.LoadAsync("vad", Path.Combine(TestFiles.Models, "silero_vad_16k_op15.onnx"));
        Assert.False(replica.SupportsRows);
        Assert.Equal(GridErrorCode.Unsupported, Assert.Throws<GridException>(() => replica.Rent()).Code);
        var rate = Tensor.Create<long>("sr", TensorElementType.Int64, [], [16000]);
        var sound = Tensor.Create<float>("input", TensorElementType.FP32, [1, 576], [.. Enumerable.Range(0, 576).Select(static i => MathF.Sin(i * 0.3f))]);
        var state = Tensor.Create<float>("state", TensorElementType.FP32, [2, 1, 128], new float[256]);

        var first = await replica.RunTensorsAsync([state, sound, rate], ["stateN", "output"], Context);
        var second = await replica.RunTensorsAsync([sound, rate, new Tensor("state", TensorElementType.FP32, [2, 1, 128], first[0].Data)], null, Context);

        Assert.Equal(["stateN", "output"], first.Select(t => t.Name));
        Assert.Equal(["output", "stateN"], second.Select(t => t.Name));
        Assert.NotEqual(first[1].AsSpan<float>()[0], second[0].AsSpan<float>()[0]);
    }

    [Fact]
    public async Task RowsAndTensors_GiveTheSameBits()
    {
        await using var test = new TestHost();
        using var replica = await test.LoadFlightsAsync();
        var features = FlightRows.All.Features[..(10 * FlightRows.Columns)];
        var tensor = (await replica.RunTensorsAsync([Tensor.Create<float>("features", TensorElementType.FP32, [10, 24], features)], ["probabilities"], Context))[0];
        using var buffer = replica.Rent(10);
        features.CopyTo(buffer.Input());
        (await replica.RunAsync(buffer, Context)).ThrowIfFailed();
        Assert.Equal(Enumerable.Range(0, 10).Select(i => tensor.AsSpan<float>()[(i * 2) + 1]), buffer.Output().ToArray());
    }

    [Fact]
    public async Task WrongRequest_IsToldEverythingByName()
    {
        await using var test = new TestHost();
        using var replica = await test.LoadFlightsAsync();
        var good = new Tensor("features", TensorElementType.FP32, [1, 24], new byte[96]);

        await FailsAsync([new Tensor("X", TensorElementType.FP32, [1], new byte[4])], ["Y"],
            "unexpected inference input 'X', allowed inputs are: features",
            "inference input 'features' is missing (FP32[N,24])",
            "unexpected inference output 'Y', allowed outputs are: label, probabilities");
        await FailsAsync([good, good], ["label", "label"], "'features' is there twice", "'label' is asked for twice");
        await FailsAsync([new Tensor("features", TensorElementType.FP64, [1, 24], new byte[192])], null, "has datatype FP64; the model takes FP32");
        await FailsAsync([new Tensor("features", TensorElementType.FP32, [1, 23], new byte[92])], null, "has the shape [1,23]; the model takes [N,24]");
        await FailsAsync([new Tensor("features", TensorElementType.FP32, [24], new byte[96])], null, "has the shape [24]");
        Assert.Single(await replica.RunTensorsAsync([good], ["label"], Context));

        async Task FailsAsync(Tensor[] inputs, string[]? outputs, params string[] parts)
        {
            var exception = await Assert.ThrowsAsync<GridException>(() => replica.RunTensorsAsync(inputs, outputs, Context).AsTask());
            Assert.Equal(parts.Length, exception.Errors.Length);
            Assert.All(parts.Zip(exception.Errors), p => Assert.Contains(p.First, p.Second.Message, StringComparison.Ordinal));
            Assert.Equal("version 'default/flights-late/1'", exception.Error.Target);
        }
    }

    [Theory]
    [InlineData(new byte[] { 1, 0, 0, 0, 65 }, "holds 1 elements")]
    [InlineData(new byte[] { 9, 0, 0, 0, 65 }, "run past its end")]
    [InlineData(new byte[] { 255, 255, 255, 255, 65 }, "run past its end")]
    [InlineData(new byte[] { 1, 0, 0 }, "run past its end")]
    public async Task StringsWithWrongLengths_AreRefused(byte[] data, string part)
    {
        await using var test = new TestHost();
        using var replica = await test.LoadAsync("strings", OnnxBuilder.Identity(OnnxBuilder.String, [null]));
        var exception = await Assert.ThrowsAsync<GridException>(() => replica.RunTensorsAsync([new Tensor("x", TensorElementType.Bytes, [2], data)], null, Context).AsTask());
        Assert.Contains(part, exception.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task BooleanThatIsNone_IsRefused()
    {
        await using var test = new TestHost();
        using var replica = await test.LoadAsync("bools", OnnxBuilder.Identity(OnnxBuilder.Bool, [null]));
        await Assert.ThrowsAsync<GridException>(() => replica.RunTensorsAsync([new Tensor("x", TensorElementType.Bool, [2], new byte[] { 1, 2 })], null, Context).AsTask());
    }

    [Fact]
    public async Task NanInTensors_ReachesTheModel()
    {
        await using var test = new TestHost();
        using var replica = await test.LoadAsync("floats", OnnxBuilder.Identity(OnnxBuilder.Float, [null]));
        var output = await replica.RunTensorsAsync([Tensor.Create<float>("x", TensorElementType.FP32, [2], [float.NaN, float.NegativeInfinity])], null, Context);
        Assert.Equal([float.NaN, float.NegativeInfinity], MemoryMarshal.Cast<byte, float>(output[0].Data.Span).ToArray());
    }

    [Fact]
    public async Task ModelThatThrows_NamesItsVersion()
    {
        await using var test = new TestHost();
        using var replica = await test.LoadAsync("lookup", OnnxBuilder.Lookup());
        var exception = await Assert.ThrowsAsync<GridException>(() => replica.RunTensorsAsync([Tensor.Create<long>("x", TensorElementType.Int64, [1], [99])], null, Context).AsTask());
        Assert.Equal((GridErrorCode.Internal, "version 'default/lookup/1'"), (exception.Code, exception.Error.Target));
        var output = await replica.RunTensorsAsync([Tensor.Create<long>("x", TensorElementType.Int64, [2], [2, 0])], null, Context);
        Assert.Equal([30f, 10f], output[0].AsSpan<float>().ToArray());
    }

    [Fact]
    public async Task QueuedTensors_HonourDeadlineCancellationAndTurns()
    {
        await using var test = new TestHost(new FaultPoints { WorkersAreStepped = true, Cost = static rows => rows * 1e6 }, new ModelHostOptions { WorkerThreads = 1 });
        using var replica = await test.LoadAsync("floats", OnnxBuilder.Identity(OnnxBuilder.Float, null, 1));
        using var requests = new Requests(replica);
        var tensor = Tensor.Create<float>("x", TensorElementType.FP32, [2, 1], [1, 2]);
        using var cancel = new CancellationTokenSource();
        requests.Post("a");
        var ran = replica.RunTensorsAsync([tensor], null, new RunContext("a")).AsTask();
        var cancelled = replica.RunTensorsAsync([tensor], null, new RunContext("a", 0, cancel.Token)).AsTask();
        var late = await Assert.ThrowsAsync<GridException>(() => replica.RunTensorsAsync([tensor], null, new RunContext("a", test.Time.In(TimeSpan.FromMilliseconds(4)))).AsTask());
        cancel.Cancel();

        Assert.Equal(GridErrorCode.DeadlineExceeded, late.Code);
        Assert.Equal(GridErrorCode.Cancelled, (await Assert.ThrowsAsync<GridException>(() => cancelled)).Code);
        Assert.True(test.Host.Scheduler.TryStep());
        Assert.True(requests.IsDone(0));
        Assert.Equal(1, test.Host.Waiting);
        Assert.True(test.Host.Scheduler.TryStep());
        Assert.Single(await ran);
    }
}
