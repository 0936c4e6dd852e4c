namespace Grid.Abstractions;

/// <summary>A logged prediction that was computed again from its vector, by the same content. Immutable.</summary>
/// <param name="Logged">What was answered then.</param>
/// <param name="Values">What comes of it now, in the order of the logged ones.</param>
/// <param name="Runtime">What computed it now; under the runtime of the logged one the bits are the same.</param>
/// <param name="IsEqual">Whether all values are the same to the bit.</param>
/// <param name="MaxDifference">The largest difference of a value; 0 where they are equal, NaN where one of two is not a number.</param>
public sealed record Replay(PredictionRecord Logged, float[] Values, string Runtime, bool IsEqual, double MaxDifference);
