using Grid.Grains.Ownership;
using Grid.Grains.Shards;
using Grid.Grains.Tests.Support;
using Grid.Primitives;
using Grid.Storage;

namespace Grid.Grains.Tests.Ownership;

/// <summary>How long an owner that cannot confirm itself may answer.</summary>
public sealed class FreshnessTests
{
    private static readonly ShardKey s_shard = new("default", "t", 0);

    private readonly ManualTime _time = new();
    private readonly ShardOptions _options = new();

    [Fact]
    public void TheAge_IsSaidFromTheFirstLimitOn_AndRefusedPastTheSecond()
    {
        var ownership = Owner();
        Assert.Equal((0, null), Check(ownership));
        _time.Advance(_options.OwnershipWarnAge);
        Assert.Equal((0, null), Check(ownership));
        _time.Advance(TimeSpan.FromMilliseconds(1));
        Assert.Equal((5001, null), Check(ownership));
        _time.Advance(_options.OwnershipLimitAge - _options.OwnershipWarnAge - TimeSpan.FromMilliseconds(1));
        Assert.Equal((30_000, null), Check(ownership));
        _time.Advance(TimeSpan.FromMilliseconds(1));

        Assert.Equal((30_001, GridErrorCode.Unavailable), Check(ownership));
        Assert.Equal((30_001, null), Check(ownership, allowStaleReads: true));
    }

    [Fact]
    public void AConfirmation_CountsFromWhenItWasAskedFor_AndAnOlderOneChangesNothing()
    {
        var ownership = Owner();
        var early = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(20));
        var asked = _time.GetTimestamp();
        _time.Advance(TimeSpan.FromSeconds(15));
        Assert.Equal((35_000, GridErrorCode.Unavailable), Check(ownership));
        ownership.Confirm(asked);
        ownership.Confirm(early);

        Assert.Equal((15_000, null), Check(ownership));
    }

    [Fact]
    public void AnOwnerThatWasOvertaken_IsRefused_HoweverStaleTheReadsMayBe()
    {
        var ownership = Owner();
        ownership.Fence(9);

        Assert.Equal((0, GridErrorCode.Unavailable), Check(ownership));
        Assert.Equal((0, GridErrorCode.Unavailable), Check(ownership, allowStaleReads: true));
    }

    [Fact]
    public async Task AShardPastTheLimit_RefusesReads_AndStillTakesPushes()
    {
        // No confirmation is ever young enough.
        await using var grid = await TestGrid.StartAsync(options =>
        {
            options.Shards.OwnershipWarnAge = TimeSpan.Zero;
            options.Shards.OwnershipLimitAge = TimeSpan.Zero;
        });
        await grid.Client.Tenants.CreateAsync("t");
        Assert.Equal([EventVerdict.Accepted], await Buys.AppendAsync(grid.Client, "t", Buys.Push("k", "a", 1)));
        var error = await Assert.ThrowsAsync<GridException>(() => Buys.ReadAsync(grid.Client, "t", "a"));

        Assert.Equal((GridErrorCode.Unavailable, "shard default/t/0"), (error.Code, error.Error.Target));
        Assert.Contains("limit of 0 ms", error.Message, StringComparison.Ordinal);
    }

    private ShardOwnership Owner() => new(new ShardLease(s_shard, 3, 0, "here"), _time.GetTimestamp(), _time);

    private (long AgeMs, GridErrorCode? Code) Check(ShardOwnership ownership, bool allowStaleReads = false)
    {
        var error = ShardFreshness.Check(s_shard, ownership, _options, allowStaleReads, out var age);
        return (age, error?.Code);
    }
}
