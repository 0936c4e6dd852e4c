using System.Globalization;
using Grid.Features.Paging;
using Grid.Features.Shards;
using Grid.Primitives;

namespace Grid.Features.Tests.Flights;

public sealed class FlightsOracleTests
{
    [Fact]
    public void EveryGoldenRow_IsReproducedFloatForFloat()
    {
        var golden = Repository.ReadCsv("tests", "data", "flights2001", "mini-golden.csv.gz")
            .ToDictionary(static r => int.Parse(r[0], CultureInfo.InvariantCulture), static r => r.Skip(5).Take(20).Select(static v => float.Parse(v, CultureInfo.InvariantCulture)).ToArray());
        var vector = FlightsData.Plan.BindVector(FlightsData.Features);
        var pool = new PagePool();
        var compared = 0;
        var actual = new float[vector.Count];
        foreach (var (_, events) in FlightsData.Read("tests", "data", "flights2001", "mini.csv.gz"))
        {
            using var state = new ShardState(FlightsData.Plan, 0, 1, pool);
            var builder = new EventBatchBuilder();
            for (var i = 0; i < events.Count; i++)
            {
                var flight = events[i];
                if (golden.TryGetValue(flight.Id, out var expected))
                {
                    Deliver(state, builder, i);
                    Assert.True(state.ReadVector(vector, flight.Destination, flight.TimeMs, [], actual).IsOk);
                    Assert.True(expected.AsSpan().SequenceEqual(actual), $"id {flight.Id}: expected {string.Join(",", expected)}, got {string.Join(",", actual)}");
                    compared++;
                }

                FlightsData.Add(builder, flight, i);
            }
        }

        Assert.Equal(2_070, compared);
    }

    private static void Deliver(ShardState state, EventBatchBuilder builder, int position)
    {
        if (builder.Count == 0)
        {
            return;
        }

        var batch = builder.Build();
        var check = state.BeginDelivery("flights", "0", position - batch.Count - 1, false);
        Assert.True(check.IsAccepted);
        var cursor = check.Cursor;
        while (cursor.Handled < batch.Count)
        {
            state.ApplyDelivery(batch, ref cursor, 7);
        }
    }
}
