using Grid.Features.Paging;
using Grid.Features.Plans;
using Grid.Features.Shards;
using Grid.Primitives;

namespace Grid.Features.Tests.Flights;

/// <summary>What events and reads of the sample cost in processor time of the process. Asserts nothing about time; run it alone with <c>--explicit only</c>, built for release.</summary>
public sealed class FlightsMeasurement(ITestOutputHelper output)
{
    [Fact(Explicit = true)]
    public void TheSample_Measured()
    {
        var tenants = FlightsData.Read("samples", "flights", "data", "sample.csv.gz");
        var pool = new PagePool();
        var vector = FlightsData.Plan.BindVector(FlightsData.Features);
        long events = 0;
        long logged = 0;
        long records = 0;
        var apply = TimeSpan.Zero;
        var replay = TimeSpan.Zero;
        var reads = TimeSpan.Zero;
        long readCount = 0;
        long readBytes = 0;
        var values = new float[vector.Count];
        var blocks = new List<byte[]>();
        foreach (var (_, flights) in tenants)
        {
            var batches = Batches(flights);
            using var state = new ShardState(FlightsData.Plan, 0, 1, pool);
            blocks.Clear();
            apply -= Environment.CpuUsage.TotalTime;
            foreach (var batch in batches)
            {
                var cursor = state.BeginDelivery("flights", "0", state.GetMark("flights", "0"), false).Cursor;
                while (cursor.Handled < batch.Count)
                {
                    state.ApplyDelivery(batch, ref cursor, 256);
                }

                using var block = state.SealBlock()!;
                blocks.Add(block.Bytes.ToArray());
            }

            apply += Environment.CpuUsage.TotalTime;
            events += flights.Count;
            logged += blocks.Sum(static b => (long)b.Length);
            records += state.RecordCount;
            var asOf = flights[^1].TimeMs;
            string[] routes = [.. flights.Select(static f => f.Destination).Distinct()];
            var before = GC.GetAllocatedBytesForCurrentThread();
            reads -= Environment.CpuUsage.TotalTime;
            for (var i = 0; i < 2_000; i++)
            {
                state.ReadVector(vector, routes[i % routes.Length], asOf, [], values);
            }

            reads += Environment.CpuUsage.TotalTime;
            readBytes += GC.GetAllocatedBytesForCurrentThread() - before;
            readCount += 2_000;
            using var replayed = new ShardState(FlightsData.Plan, 0, 1, pool);
            replay -= Environment.CpuUsage.TotalTime;
            foreach (var block in blocks)
            {
                replayed.Replay(block);
            }

            replay += Environment.CpuUsage.TotalTime;
            Assert.Equal(state.StateDigest(), replayed.StateDigest());
        }

        output.WriteLine($"{tenants.Count} tenants, {events} events, {records} records, {(double)logged / events:F1} log bytes an event");
        output.WriteLine($"apply and seal {apply.TotalNanoseconds / events:F0} ns an event, replay {replay.TotalNanoseconds / events:F0} ns an event");
        output.WriteLine($"read of {vector.Count} features {reads.TotalNanoseconds / readCount:F0} ns, {(double)readBytes / readCount:F1} bytes");
        MeasureSmallEntities(pool);
    }

    private void MeasureSmallEntities(PagePool pool)
    {
        const int Entities = 200_000;
        using var state = new ShardState(FlightsData.Plan, 0, 1, pool);
        var builder = new EventBatchBuilder();
        for (var i = 0; i < Entities; i++)
        {
            builder.Begin("departure").Time(1_000_000_000_000 + i).Position(i).Field("dest", $"e{i:D7}").End();
        }

        var batch = builder.Build();
        var cursor = state.BeginDelivery("flights", "0", -1, false).Cursor;
        while (cursor.Handled < Entities)
        {
            state.ApplyDelivery(batch, ref cursor, 4_096);
        }

        var view = FlightsData.Plan.FindView("route")!;
        output.WriteLine($"{Entities} entities with one event: {(double)state.PageBytes / Entities:F1} bytes of pages each, of which {view.KeyOffset} record, 8 key, {SeriesBytes(view)} chunk");
    }

    private static int SeriesBytes(ViewPlan view) => view.Events.First(static e => e.Event == "departure").Series!.ChunkSize(4);

    private static List<EventBatch> Batches(List<FlightEvent> flights)
    {
        var builder = new EventBatchBuilder();
        var batches = new List<EventBatch>();
        for (var i = 0; i < flights.Count; i++)
        {
            FlightsData.Add(builder, flights[i], i);
            if (builder.Count == 256 || i == flights.Count - 1)
            {
                batches.Add(builder.Build());
            }
        }

        return batches;
    }
}
