namespace Grid.Inference.Hosting;

/// <summary>What a run of a size of batch takes on this machine: the median of some runs with varied rows when the version was loaded.</summary>
/// <param name="Rows">Rows of the run.</param>
/// <param name="Nanoseconds">Its time.</param>
public readonly record struct BatchCost(int Rows, double Nanoseconds);
