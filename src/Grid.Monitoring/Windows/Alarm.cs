namespace Grid.Monitoring.Windows;

/// <summary>The memory of one test over windows: raise on k of n, clear when quiet for long enough, rest after clearing. Immutable; a step gives the next one.</summary>
/// <param name="Hits">A bit a window, the newest lowest.</param>
/// <param name="Open">Raised and not cleared.</param>
/// <param name="QuietFor">Quiet windows in a row while open.</param>
/// <param name="Rest">Windows left in which it is not raised.</param>
internal readonly record struct Alarm(uint Hits, bool Open, int QuietFor, int Rest)
{
    /// <summary>What happens when a window has been tested.</summary>
    public (Alarm Next, AlarmChange Change) Step(bool hit, bool quiet, MonitorOptions options)
    {
        var mask = options.LookBack == 32 ? uint.MaxValue : (1u << options.LookBack) - 1;
        var hits = ((Hits << 1) | (hit ? 1u : 0)) & mask;
        if (Open)
        {
            var quietFor = quiet ? QuietFor + 1 : 0;

            // What was seen before clearing does not count again.
            return quietFor >= options.ClearAfter
                ? (new Alarm(0, false, 0, options.CoolDown), AlarmChange.Cleared)
                : (new Alarm(hits, true, quietFor, 0), AlarmChange.StillOpen);
        }

        if (Rest > 0)
        {
            return (new Alarm(hits, false, 0, Rest - 1), AlarmChange.None);
        }

        return hit && System.Numerics.BitOperations.PopCount(hits) >= options.RaiseAfter
            ? (new Alarm(hits, true, 0, 0), AlarmChange.Raised)
            : (new Alarm(hits, false, 0, 0), AlarmChange.None);
    }
}
