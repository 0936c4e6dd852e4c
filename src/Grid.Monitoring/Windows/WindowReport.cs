using System.Collections.Immutable;

namespace Grid.Monitoring.Windows;

/// <summary>Everything that was tested in a window, whether or not it led to a signal. Immutable.</summary>
/// <param name="From">Start.</param>
/// <param name="To">End.</param>
/// <param name="Rows">Rows that were looked at.</param>
/// <param name="SamplingRate">Share of the served rows that they are.</param>
/// <param name="Outcomes">Outcomes that arrived.</param>
/// <param name="Held">Drift was not judged, because the data had a quality incident.</param>
/// <param name="Findings">The tests.</param>
public sealed record WindowReport(DateTimeOffset From, DateTimeOffset To, long Rows, double SamplingRate, long Outcomes, bool Held, ImmutableArray<Finding> Findings);
