namespace Grid.Monitoring.Sketches;

/// <summary>What the sketch of one column needs to know beforehand. Immutable.</summary>
/// <param name="Name">Name of the feature or output.</param>
/// <param name="Bins">Its bins; <see cref="Bins.Edges"/> is empty before there is a baseline.</param>
/// <param name="Low">Values below count as out of range; −∞ before there is a baseline.</param>
/// <param name="High">Values above count as out of range; +∞ before there is a baseline.</param>
public sealed record ColumnLayout(string Name, Bins Bins, double Low = double.NegativeInfinity, double High = double.PositiveInfinity);
