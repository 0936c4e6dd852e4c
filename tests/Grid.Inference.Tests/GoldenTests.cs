using Grid.Inference.Scheduling;
using Grid.Inference.Tests.Support;

namespace Grid.Inference.Tests;

public sealed class GoldenTests
{
    [Theory]
    [InlineData("1")]
    [InlineData("2")]
    public async Task GoldenRows_OneByOneAndBatched_GiveTheKnownProbabilitiesAndTheSameBits(string version)
    {
        await using var test = new TestHost();
        using var replica = await test.LoadFlightsAsync(version);
        var (features, p1, p2) = FlightRows.All;
        var expected = version == "1" ? p1 : p2;
        var context = new RunContext("t");

        var single = new float[expected.Length];
        using (var buffer = replica.Rent())
        {
            for (var i = 0; i < single.Length; i++)
            {
                features.AsSpan(i * FlightRows.Columns, FlightRows.Columns).CopyTo(buffer.Input());
                (await replica.RunAsync(buffer, context)).ThrowIfFailed();
                single[i] = buffer.Output("p_late")[0];
            }
        }

        using var many = replica.Rent(expected.Length);
        features.CopyTo(many.Input());
        (await replica.RunAsync(many, context)).ThrowIfFailed();

        Assert.True(expected.Length > 1000, $"Only {expected.Length} rows have predictions.");
        Assert.All(expected, p => Assert.InRange(p, 1e-6, 1 - 1e-6));
        for (var i = 0; i < single.Length; i++)
        {
            Assert.Equal(expected[i], single[i], 1e-6);
        }

        Assert.Equal(single, many.Output("p_late").ToArray());
    }
}
