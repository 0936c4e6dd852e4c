using Grid.Inference.Hosting;
using Grid.Inference.Manifests;
using Grid.Inference.Scheduling;
using Grid.Inference.Tests.Support;
using Grid.Primitives;

namespace Grid.Inference.Tests;

public sealed class RowPathTests
{
    private static readonly RunContext Context = new("t");

    [Fact]
    public async Task InlineRun_AllocatesNothing()
    {
        await using var test = new TestHost(new FaultPoints { Cost = static rows => rows * 1000 });
        using var lease = await test.LoadFlightsAsync();
        var features = FlightRows.All.Features;
        Assert.True(test.Host.Status[0].IsInline);
        for (var i = 0; i < 100; i++)
        {
            RunOne(test.Host, features.AsSpan(i * FlightRows.Columns, FlightRows.Columns));
        }

        var before = GC.GetAllocatedBytesForCurrentThread();
        for (var i = 0; i < 1000; i++)
        {
            RunOne(test.Host, features.AsSpan(i * FlightRows.Columns, FlightRows.Columns));
        }

        Assert.Equal(0, GC.GetAllocatedBytesForCurrentThread() - before);

        static void RunOne(ModelHost host, ReadOnlySpan<float> row)
        {
            Assert.True(host.TryAcquire(TestHost.Key("flights-late"), out var replica));
            using (replica)
            {
                using var buffer = replica.Rent();
                row.CopyTo(buffer.Input());
                var run = replica.RunAsync(buffer, Context);
                if (!run.IsCompletedSuccessfully || run.Result is not { WasInline: true, IsOk: true } || !(buffer.Output()[0] > 0))
                {
                    throw new InvalidOperationException("It did not run inline.");
                }
            }
        }
    }

    [Fact]
    public async Task ConcurrentRuns_AnswerAsAlone()
    {
        await using var test = new TestHost();
        using var replica = await test.LoadFlightsAsync(limits: new ManifestLimits { Inline = InlineMode.Auto });
        using var queued = await test.LoadFlightsAsync("2", new ManifestLimits { Inline = InlineMode.Never, DeadlineMs = 600_000 });
        var (features, p1, p2) = FlightRows.All;
        var tasks = Enumerable.Range(0, 8).Select(worker => Task.Run(async () =>
        {
            // Rows in another order and in other numbers for each caller.
            for (var i = 0; i + 9 < p1.Length; i += 9)
            {
                var at = (i + (worker * 131)) % (p1.Length - 9);
                var rows = 1 + ((i + worker) % 9);
                foreach (var (model, expected) in ((Replica, double[])[])[(replica, p1), (queued, p2)])
                {
                    await CheckAsync(model, expected, features, at, rows);
                }
            }
        }));
        await Task.WhenAll(tasks);

        static async Task CheckAsync(Replica model, double[] expected, float[] features, int at, int rows)
        {
            using var buffer = model.Rent(rows);
            features.AsSpan(at * FlightRows.Columns, rows * FlightRows.Columns).CopyTo(buffer.Input());
            (await model.RunAsync(buffer, Context)).ThrowIfFailed();
            for (var r = 0; r < rows; r++)
            {
                Assert.Equal(expected[at + r], buffer.Output()[r], 1e-6);
            }
        }
    }

    /// <summary>With a dear run all rows go in one padded batch; with dear rows in several, which cut requests in two.</summary>
    [Theory]
    [InlineData(1000, 1)]
    [InlineData(1, 1000)]
    public async Task RowsOfManyCallersInOneRun_GiveTheBitsOfEachAlone(int perRun, int perRow)
    {
        await using var test = new TestHost(new FaultPoints { WorkersAreStepped = true, Cost = rows => perRun + (perRow * rows) });
        using var replica = await test.LoadFlightsAsync(limits: new ManifestLimits { Inline = InlineMode.Never });
        var features = FlightRows.All.Features;
        int[] sizes = [1, 5, 1, 2, 16, 3, 1, 7, 11, 1];
        var buffers = sizes.Select(s => replica.Rent(s)).ToArray();
        var runs = new List<Task<RunResult>>();
        var at = 0;
        foreach (var buffer in buffers)
        {
            features.AsSpan(at * FlightRows.Columns, buffer.Rows * FlightRows.Columns).CopyTo(buffer.Input());
            at += buffer.Rows;
            runs.Add(replica.RunAsync(buffer, Context).AsTask());
        }

        Assert.True(test.Host.Scheduler.TryStep());
        Assert.False(test.Host.Scheduler.TryStep());

        var alone = new float[at];
        using (var single = replica.Rent())
        {
            for (var i = 0; i < at; i++)
            {
                features.AsSpan(i * FlightRows.Columns, FlightRows.Columns).CopyTo(single.Input());
                var run = replica.RunAsync(single, Context).AsTask();
                Assert.True(test.Host.Scheduler.TryStep());
                Assert.Equal(1, (await run).BatchRows);
                alone[i] = single.Output()[0];
            }
        }

        Assert.Equal(alone, buffers.SelectMany(b => b.Output().ToArray()));
        foreach (var run in runs)
        {
            Assert.Equal(at, (await run).BatchRows);
        }

        Array.ForEach(buffers, static b => b.Dispose());
    }

    [Theory]
    [InlineData(float.NaN)]
    [InlineData(float.PositiveInfinity)]
    [InlineData(float.NegativeInfinity)]
    public async Task ValueThatIsNoNumber_IsRefusedByColumnAndRow(float value)
    {
        await using var test = new TestHost();
        using var replica = await test.LoadFlightsAsync();
        using var buffer = replica.Rent(3);
        buffer.Input().Clear();
        buffer.Row(2)[5] = value;

        var result = await replica.RunAsync(buffer, Context);

        Assert.Equal(GridErrorCode.InvalidArgument, result.Error!.Code);
        Assert.Contains("'origin.dep_24h'", result.Error.Target, StringComparison.Ordinal);
        Assert.Contains("row 2", result.Error.Message, StringComparison.Ordinal);
        // The buffer is as good as before.
        buffer.Row(2)[5] = 1;
        Assert.True((await replica.RunAsync(buffer, Context)).IsOk);
    }

    [Fact]
    public async Task ColumnThatNobodyWrote_IsRefusedAlthoughAnotherCallerWroteItBefore()
    {
        await using var test = new TestHost();
        using var replica = await test.LoadFlightsAsync();
        using (var first = replica.Rent())
        {
            first.Input().Fill(1);
            Assert.True((await replica.RunAsync(first, Context)).IsOk);
        }

        using var second = replica.Rent();
        second.Input()[..23].Fill(1);
        Assert.Contains("'route.delay_7d'", (await replica.RunAsync(second, Context)).Error!.Target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task NanWhereTheManifestAllowsIt_ReachesTheModel()
    {
        await using var test = new TestHost();
        var manifest = new ModelManifest { Inputs = [new("x", [new(ColumnSource.Request, "a"), new(ColumnSource.Request, "b")])], AllowNan = true };
        using var replica = await test.LoadAsync("identity", OnnxBuilder.Identity(OnnxBuilder.Float, null, 2), manifest);
        using var buffer = replica.Rent();
        buffer.Input()[1] = 2;
        (await replica.RunAsync(buffer, Context)).ThrowIfFailed();
        Assert.Equal([float.NaN, 2], buffer.Output().ToArray());
    }

    [Theory]
    [InlineData(OnnxBuilder.Double)]
    [InlineData(OnnxBuilder.Int64)]
    [InlineData(OnnxBuilder.Int32)]
    public async Task FloatsForOtherTypes_AreConvertedAndFractionsOfWholeTypesRefused(int type)
    {
        await using var test = new TestHost();
        using var replica = await test.LoadAsync("identity", OnnxBuilder.Identity(type, null, 2));
        using var buffer = replica.Rent(2);
        float[] values = [1, -2, 16777216, 0];
        values.CopyTo(buffer.Input());
        (await replica.RunAsync(buffer, Context)).ThrowIfFailed();
        Assert.Equal(values, buffer.Output("y").ToArray());

        buffer.Input()[3] = 1.5f;
        var result = await replica.RunAsync(buffer, Context);
        Assert.Equal(type == OnnxBuilder.Double, result.IsOk);
        buffer.Input()[3] = 3e9f;
        Assert.Equal(type != OnnxBuilder.Int32, (await replica.RunAsync(buffer, Context)).IsOk);
        buffer.Input()[3] = 1e19f;
        Assert.Equal(type == OnnxBuilder.Double, (await replica.RunAsync(buffer, Context)).IsOk);
    }

    [Fact]
    public async Task ModelOfOneFixedRow_RunsManyRowsOneByOne()
    {
        await using var test = new TestHost();
        using var replica = await test.LoadAsync("wakeword", Path.Combine(TestFiles.Models, "wakeword_hello_deepa.onnx"));
        Assert.Equal(1, replica.MaxBatch);
        using var buffer = replica.Rent(3);
        buffer.Input().Clear();
        buffer.Row(1).Fill(0.5f);
        (await replica.RunAsync(buffer, Context)).ThrowIfFailed();
        Assert.Equal(buffer.Output()[0], buffer.Output()[2]);
        Assert.NotEqual(buffer.Output()[0], buffer.Output()[1]);
    }

    [Fact]
    public async Task RawOutput_IsReadByItsOwnTypeOnly()
    {
        await using var test = new TestHost();
        using var replica = await test.LoadAsync("flights", Path.Combine(TestFiles.Flights("1"), "model.onnx"));
        Assert.Equal(["label", "probabilities"], replica.OutputNames);
        using var buffer = replica.Rent();
        buffer.Input().Clear();
        (await replica.RunAsync(buffer, Context)).ThrowIfFailed();
        Assert.Equal(2, buffer.Output("probabilities").Length);
        Assert.InRange(buffer.Raw<long>("label")[0], 0, 1);
        Assert.Throws<GridException>(() => buffer.Raw<float>("label").Length);
        Assert.Contains("allowed outputs are: label, probabilities", Assert.Throws<GridException>(() => buffer.Output("no").Length).Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Buffer_MisusedByItsRenter_SaysSo()
    {
        await using var test = new TestHost(new FaultPoints { WorkersAreStepped = true });
        using var replica = await test.LoadFlightsAsync(limits: new ManifestLimits { Inline = InlineMode.Never });
        using var other = await test.LoadFlightsAsync("2");
        var buffer = replica.Rent();
        buffer.Input().Clear();
        var run = replica.RunAsync(buffer, Context).AsTask();
        await Assert.ThrowsAsync<InvalidOperationException>(() => replica.RunAsync(buffer, Context).AsTask());
        await Assert.ThrowsAsync<InvalidOperationException>(() => other.RunAsync(buffer, Context).AsTask());
        Assert.Throws<InvalidOperationException>(buffer.Dispose);
        test.Host.Scheduler.TryStep();
        Assert.True((await run).IsOk);
        buffer.Dispose();
        Assert.Throws<ObjectDisposedException>(() => buffer.Input().Length);
    }
}
