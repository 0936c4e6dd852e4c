namespace Grid.Bench.Ingestion;

/// <summary>One contender in one round.</summary>
/// <param name="EventsPerSecond">By the wall clock.</param>
/// <param name="OwnMicroseconds">CPU per event of the process that consumes.</param>
/// <param name="AllMicroseconds">CPU per event of all its processes.</param>
internal readonly record struct IngestRound(double EventsPerSecond, double OwnMicroseconds, double AllMicroseconds);
