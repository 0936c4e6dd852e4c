using Grid.Features.Plans;
using Grid.Features.Shards;
using Grid.Grains.Ownership;
using Grid.Primitives;

namespace Grid.Grains.Shards;

/// <summary>How old an answer of this owner may be, and what time it is for a shard.</summary>
internal static class ShardFreshness
{
    /// <summary>The error of an owner that may no longer answer, or null; and the age that the answer must carry, 0 where it is recent.</summary>
    public static GridError? Check(ShardKey shard, ShardOwnership ownership, ShardOptions options, bool allowStaleReads, out long ageMs)
    {
        ageMs = 0;
        if (ownership.FencedBy != 0)
        {
            return GridError.Unavailable($"shard {shard}", $"was taken over by epoch {ownership.FencedBy}.", "Send it again: the new owner answers.", retryAfterMs: 100);
        }

        var age = ownership.Age;
        if (age <= options.OwnershipWarnAge)
        {
            return null;
        }

        ageMs = (long)age.TotalMilliseconds;
        return age <= options.OwnershipLimitAge || allowStaleReads
            ? null
            : GridError.Unavailable(
                $"shard {shard}",
                $"has not been confirmed to be owned here for {ageMs} ms, over the limit of {options.OwnershipLimitAge.TotalMilliseconds} ms.",
                "Bring the store back, or set allow_stale_reads: true in the model's manifest.",
                retryAfterMs: 1000);
    }

    /// <summary>
    /// The time a read is of where the caller names none: now, but never before the newest event that the read sees, since clocks may differ a little;
    /// for views that run on event time alone, that event's.
    /// </summary>
    public static long Now(bool hasEventClock, VectorPlan[] plans, ShardState state, string entity, TimeProvider time)
    {
        var newest = long.MinValue;
        foreach (var plan in plans)
        {
            newest = Math.Max(newest, state.NewestEventMs(plan, entity));
        }

        var now = time.GetUtcNow().ToUnixTimeMilliseconds();
        return hasEventClock && newest != long.MinValue ? newest : Math.Max(now, newest);
    }
}
