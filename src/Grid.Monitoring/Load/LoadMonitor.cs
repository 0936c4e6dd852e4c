using Grid.Monitoring.Signals;
using Grid.Monitoring.Statistics;
using Grid.Monitoring.Windows;

namespace Grid.Monitoring.Load;

/// <summary>
/// Watches whether one version answers: counts by window, effect and significance together, 2 of 3 windows raise and 3 quiet ones clear. Time is what the caller
/// says. What it holds is soft: after a restart it goes on from the signals that are open. Not thread-safe.
/// </summary>
public sealed class LoadMonitor
{
    /// <summary>A share counts where so much of it by chance is rarer than this.</summary>
    private const double Significance = 0.001;

    private static readonly MonitorOptions Memory = new() { LookBack = 3, RaiseAfter = 2, ClearAfter = 3, CoolDown = 0 };

    private readonly LoadOptions _options;
    private readonly Dictionary<SignalType, Alarm> _alarms = [];
    private LoadCounts _counts;
    private DateTimeOffset? _start;

    /// <param name="options">When to speak up.</param>
    /// <param name="open">Load signals of the version that are open.</param>
    public LoadMonitor(LoadOptions options, IEnumerable<SignalType> open)
    {
        _options = options;
        foreach (var type in open)
        {
            _alarms[type] = new Alarm(0, Open: true, 0, 0);
        }
    }

    /// <summary>Adds what a silo counted.</summary>
    public void Add(LoadCounts counts, DateTimeOffset now)
    {
        _start ??= now;
        _counts += counts;
    }

    /// <summary>Closes the window where it is over.</summary>
    /// <returns>Signals to raise or to refresh, and types to clear.</returns>
    public LoadChanges Advance(DateTimeOffset now)
    {
        if (_start is null && _alarms.Values.Any(static a => a.Open))
        {
            // Nobody asks any more: that is quiet too.
            _start = now;
        }

        if (_start is not { } from || now - from < _options.Window)
        {
            return LoadChanges.None;
        }

        var counts = _counts;
        (_counts, _start) = (default, null);
        List<Finding> loud = [];
        List<SignalType> cleared = [];
        Judge(SignalType.Failing, "failed_share", counts.Failed, counts.Requests, _options.FailedShare);
        Judge(SignalType.Overloaded, "refused_share", counts.Refused, counts.Requests, _options.RefusedShare);
        if (counts.SlowMs > 0)
        {
            Judge(SignalType.Slow, "slow_share", counts.Slow, counts.Requests - counts.Failed - counts.Refused, _options.SlowShare);
        }

        _start = _alarms.Values.Any(static a => a.Open) ? now : null;
        return new LoadChanges([.. loud], [.. cleared]);

        void Judge(SignalType type, string statistic, long bad, long all, double limit)
        {
            var alarm = _alarms.GetValueOrDefault(type);
            if (all < _options.MinimumRequests && !alarm.Open)
            {
                return;
            }

            var share = all > 0 ? bad / (double)all : 0;
            var p = share > limit ? SpecialFunctions.NormalSurvival((share - limit) / Math.Sqrt(limit * (1 - limit) / all)) : 1;
            var finding = new Finding(
                type,
                new SignalEvidence(null, statistic, share, null, limit, p, all, all, from, now),
                Tested: true,
                Hit: all >= _options.MinimumRequests && share > limit && p < Significance,
                Quiet: share <= limit * Memory.ClearRatio);
            (_alarms[type], var change) = alarm.Step(finding.Hit, finding.Quiet, Memory);
            if (change == AlarmChange.Raised || (change == AlarmChange.StillOpen && finding.Hit))
            {
                loud.Add(finding);
            }
            else if (change == AlarmChange.Cleared)
            {
                cleared.Add(type);
            }
        }
    }
}
