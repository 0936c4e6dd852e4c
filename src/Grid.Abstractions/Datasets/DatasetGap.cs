namespace Grid.Abstractions;

/// <summary>Predictions that were answered and are not in the log. Immutable.</summary>
/// <param name="Reason"><c>buffer_full</c> or <c>crash</c>.</param>
/// <param name="FromMs">Since when, by the clock of the silo, Unix milliseconds.</param>
/// <param name="ToMs">Until when.</param>
/// <param name="Rows">How many; null where nobody can know.</param>
public sealed record DatasetGap(string Reason, long FromMs, long ToMs, long? Rows);
