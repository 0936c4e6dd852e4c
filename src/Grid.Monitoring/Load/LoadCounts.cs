namespace Grid.Monitoring.Load;

/// <summary>What a version was asked over some seconds: counts that add up.</summary>
/// <param name="Requests">Asked, whatever came of it.</param>
/// <param name="Failed">Not answered, through no fault of the caller and not for want of room.</param>
/// <param name="Refused">Not answered because a queue was full or the deadline could not be met.</param>
/// <param name="Slow">Answered, and over <paramref name="SlowMs"/>.</param>
/// <param name="SlowMs">The time an answer may take, in milliseconds; 0 where the version has none.</param>
public readonly record struct LoadCounts(long Requests, long Failed, long Refused, long Slow, double SlowMs)
{
    public static LoadCounts operator +(LoadCounts a, LoadCounts b) =>
        new(a.Requests + b.Requests, a.Failed + b.Failed, a.Refused + b.Refused, a.Slow + b.Slow, Math.Max(a.SlowMs, b.SlowMs));
}
