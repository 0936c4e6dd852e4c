namespace Grid.Monitoring.Rollouts;

/// <summary>One guard with its numbers.</summary>
/// <param name="Guard"><c>errors</c>, <c>p99</c>, <c>disagreement</c> or <c>performance</c>.</param>
/// <param name="Verdict">Of this guard alone.</param>
/// <param name="Champion">The champion's value; null where the guard has a fixed limit.</param>
/// <param name="Challenger">The challenger's value.</param>
/// <param name="Margin">How much worse, or how large, it may be.</param>
/// <param name="Low">Lower end of the confidence sequence of the difference (or of the value).</param>
/// <param name="High">Upper end.</param>
/// <param name="Samples">Rows of the challenger behind it.</param>
public sealed record GuardResult(string Guard, RolloutVerdict Verdict, double? Champion, double Challenger, double Margin, double Low, double High, long Samples);
