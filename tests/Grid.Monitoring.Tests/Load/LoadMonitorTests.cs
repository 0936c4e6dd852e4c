using Grid.Monitoring.Load;
using Grid.Monitoring.Signals;

namespace Grid.Monitoring.Tests.Load;

public sealed class LoadMonitorTests
{
    private static readonly DateTimeOffset Start = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);
    private static readonly LoadCounts Good = new(1000, 2, 1, 3, 20);

    [Theory]
    [InlineData(SignalType.Failing)]
    [InlineData(SignalType.Overloaded)]
    [InlineData(SignalType.Slow)]
    public void TwoBadMinutes_Raise_AndThreeQuietOnesClear(SignalType type)
    {
        var bad = type switch
        {
            SignalType.Failing => new LoadCounts(1000, 100, 0, 0, 20),
            SignalType.Overloaded => new LoadCounts(1000, 0, 40, 0, 20),
            _ => new LoadCounts(1000, 0, 0, 40, 20),
        };
        var changes = Run([], bad, Good, bad, bad, Good, Good, Good);
        Assert.Equal(["", "", $"+{type}", $"+{type}", "", "", $"-{type}"], changes);
    }

    [Fact]
    public void FewRequests_AndSharesThatMayBeChance_SayNothing()
    {
        Assert.All(Run([], new LoadCounts(20, 20, 0, 0, 0), new LoadCounts(20, 20, 0, 0, 0), new LoadCounts(60, 5, 1, 0, 0), new LoadCounts(60, 5, 1, 0, 0)), static c => Assert.Equal("", c));
        Assert.All(Run([], new LoadCounts(1000, 0, 0, 900, 0), new LoadCounts(1000, 0, 0, 900, 0)), static c => Assert.Equal("", c));
    }

    [Fact]
    public void AfterARestart_ItGoesOnFromWhatIsOpen_AndSilenceIsQuietToo()
    {
        var monitor = new LoadMonitor(new LoadOptions(), [SignalType.Failing]);
        List<SignalType> cleared = [];
        for (var minute = 0; minute <= 4; minute++)
        {
            cleared.AddRange(monitor.Advance(Start.AddMinutes(minute)).Cleared);
        }

        Assert.Equal([SignalType.Failing], cleared);
        Assert.Same(LoadChanges.None, monitor.Advance(Start.AddHours(2)));
    }

    private static List<string> Run(SignalType[] open, params LoadCounts[] minutes)
    {
        var monitor = new LoadMonitor(new LoadOptions(), open);
        var now = Start;
        List<string> said = [];
        foreach (var counts in minutes)
        {
            monitor.Add(counts with { Requests = counts.Requests / 2 }, now);
            monitor.Add(counts with { Requests = counts.Requests - (counts.Requests / 2), Failed = 0, Refused = 0, Slow = 0 }, now);
            now += TimeSpan.FromMinutes(1);
            var changes = monitor.Advance(now);
            said.Add(string.Join(" ", changes.Loud.Select(static f => $"+{f.Type}").Concat(changes.Cleared.Select(static t => $"-{t}"))));
        }

        return said;
    }
}
