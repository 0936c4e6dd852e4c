namespace Grid.TestKit;

/// <summary>The trainer's features and probabilities for one flight.</summary>
/// <param name="Id">The flight.</param>
/// <param name="Features">24 floats in the order of the model's input.</param>
/// <param name="ProbabilityV1">Answer of version 1; 0 where the windows are not full yet.</param>
/// <param name="ProbabilityV2">Answer of version 2; 0 where the windows are not full yet.</param>
public sealed record GoldenRow(int Id, float[] Features, float ProbabilityV1, float ProbabilityV2);
