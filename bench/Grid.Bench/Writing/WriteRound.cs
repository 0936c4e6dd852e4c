namespace Grid.Bench.Writing;

/// <summary>One contender in one round.</summary>
/// <param name="WritesPerSecond">Writes made durable, a second.</param>
/// <param name="OwnMicroseconds">CPU of this process for each.</param>
/// <param name="AllMicroseconds">The same with the database server's.</param>
internal readonly record struct WriteRound(double WritesPerSecond, double OwnMicroseconds, double AllMicroseconds);
