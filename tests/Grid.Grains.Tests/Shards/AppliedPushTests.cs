using Grid.Abstractions;
using Grid.Grains.Tests.Support;
using Grid.Primitives;

namespace Grid.Grains.Tests.Shards;

/// <summary>Pushes that are answered once applied, before they are durable.</summary>
public sealed class AppliedPushTests
{
    [Fact]
    public async Task ADuplicate_IsAnsweredOnlyOnceItsFirstCopyIsDurable()
    {
        await using var grid = await TestGrid.StartAsync(options => options.Shards.CommitLinger = TimeSpan.FromSeconds(10));
        await grid.Client.Tenants.CreateAsync("t");
        var first = Assert.Single(await grid.Client.AppendAsync("t", [Buys.Push("k", "a", 1)], AckMode.Applied));
        Assert.Equal((EventVerdict.Accepted, 0L), (first.Verdict, (await grid.Client.Tenants.GetShardAsync("t", 0)).DurableSequence));

        var again = Assert.Single(await grid.Client.AppendAsync("t", [Buys.Push("k", "a", 1)], AckMode.Applied));
        Assert.Equal((EventVerdict.Duplicate, 1L), (again.Verdict, (await grid.Client.Tenants.GetShardAsync("t", 0)).DurableSequence));
    }
}
