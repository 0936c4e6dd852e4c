using System.Collections.Immutable;
using Grid.Monitoring.Signals;
using Grid.Monitoring.Windows;

namespace Grid.Monitoring.Load;

/// <summary>What the end of a window means for the signals of a version. Immutable.</summary>
/// <param name="Loud">To raise, or to give new evidence where they are open.</param>
/// <param name="Cleared">No longer true.</param>
public sealed record LoadChanges(ImmutableArray<Finding> Loud, ImmutableArray<SignalType> Cleared)
{
    public static readonly LoadChanges None = new([], []);
}
