namespace Grid.Grains.Monitoring;

/// <summary>Stored: the trainings of a model so far.</summary>
/// <param name="StartsMs">When the latest ones were asked for.</param>
/// <param name="LossesInARow">Challengers since the last promotion that were rejected.</param>
/// <param name="LabelledRows">Outcomes since the last training's data ended.</param>
/// <param name="TrainedUpToMs">When that was; null before the first.</param>
/// <param name="StepMs">The newest step of the rollout that was looked at.</param>
internal sealed record RetrainRecord(long[] StartsMs, int LossesInARow, long LabelledRows, long? TrainedUpToMs, long StepMs)
{
    public static readonly RetrainRecord Empty = new([], 0, 0, null, 0);
}
