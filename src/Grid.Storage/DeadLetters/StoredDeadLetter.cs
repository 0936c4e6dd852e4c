namespace Grid.Storage;

/// <summary>A dead letter with its place in the table.</summary>
/// <param name="Id">Rises in the order of arrival, from 1; where the next page of a reader starts.</param>
/// <param name="Letter">The letter.</param>
public sealed record StoredDeadLetter(long Id, DeadLetter Letter);
