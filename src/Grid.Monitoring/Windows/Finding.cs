using Grid.Monitoring.Signals;

namespace Grid.Monitoring.Windows;

/// <summary>One test of one window. Immutable.</summary>
/// <param name="Type">What it would say.</param>
/// <param name="Evidence">The numbers.</param>
/// <param name="Tested">False where there were too few effective samples to say anything.</param>
/// <param name="Hit">Effect and significance together.</param>
/// <param name="Quiet">The effect is well below the threshold, or could be chance.</param>
public sealed record Finding(SignalType Type, SignalEvidence Evidence, bool Tested, bool Hit, bool Quiet)
{
    /// <summary>What stays the same from window to window.</summary>
    internal string Key => $"{Type}/{Evidence.Column ?? "-"}/{Evidence.Statistic}";
}
