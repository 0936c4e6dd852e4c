using System.Globalization;
using Grid.Grains.Balancing.Costs;
using Grid.Primitives;

namespace Grid.Balancing.Tests.Costs;

/// <summary>What a shard counts of itself.</summary>
public sealed class ShardCostTests
{
    private readonly ShardCost _cost = new(new ShardKey("default", "acme", 0));

    [Fact]
    public void WhatWasTaken_IsNotTakenAgain()
    {
        _cost.Applied(events: 7, busyTicks: 100, stateBytes: 4096);
        _cost.Read(10);
        _cost.Predicted(Version(1), calls: 2, isLocal: true, busyTicks: 30);
        _cost.Predicted(Version(1), calls: 3, isLocal: false, busyTicks: 30);

        var span = _cost.Take();
        Assert.Equal((170, 7), (span.BusyTicks, span.Events));
        Assert.Equal(new CallCount(Version(1), 5, 3), Assert.Single(span.Calls));

        var next = _cost.Take();
        Assert.Equal((0, 0), (next.BusyTicks, next.Events));
        Assert.Empty(next.Calls);
        Assert.Equal((170, 5, 4096), (_cost.AllBusyTicks, _cost.AllCalls, _cost.StateBytes));
    }

    [Fact]
    public void SpanThatWasTaken_DoesNotChangeAnyMore()
    {
        _cost.Predicted(Version(1), 1, true, 1);
        var span = _cost.Take();
        _cost.Predicted(Version(2), 5, true, 1);
        Assert.Equal(new CallCount(Version(1), 1, 0), Assert.Single(span.Calls));
    }

    [Fact]
    public void MoreVersionsThanPlaces_CountAllCalls_AndKeepTheMostCalled()
    {
        for (var version = 0; version < 50; version++)
        {
            _cost.Predicted(Version(7), 10, true, 0);
            _cost.Predicted(Version(version), 1, true, 0);
        }

        var span = _cost.Take();
        Assert.Equal(ShardCost.MostVersions, span.Calls.Count);
        Assert.Equal(550, span.Calls.Sum(static c => c.Calls));
        Assert.Equal(Version(7), span.Calls.MaxBy(static c => c.Calls).Version);
        Assert.Equal(501, span.Calls.Max(static c => c.Calls));
    }

    private static VersionKey Version(int number) => new("default", "model", number.ToString(CultureInfo.InvariantCulture));
}
