namespace Grid.Inference.Scheduling;

/// <summary>Rows of one request that a worker has taken.</summary>
internal readonly record struct BatchSlice(PendingRun Run, int Start, int Rows);
