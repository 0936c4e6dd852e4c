namespace Grid.Abstractions;

/// <summary>What became of one reported outcome. Immutable.</summary>
/// <param name="Verdict">The verdict.</param>
/// <param name="Reason">Why nothing was stored; null where something is.</param>
public sealed record OutcomeAnswer(OutcomeVerdict Verdict, string? Reason = null);
