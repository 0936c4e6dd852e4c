using Grid.Storage;

namespace Grid.Grains.Ownership;

/// <summary>What this silo knows about owning one shard. Thread-safe: the shard reads it in every answer, the confirmer writes it.</summary>
internal sealed class ShardOwnership(ShardLease lease, long confirmedAt, TimeProvider time)
{
    private long _confirmedAt = confirmedAt;
    private long _fencedBy;

    public ShardLease Lease => lease;

    /// <summary>The epoch that took the shard over; 0 while it is this silo's.</summary>
    public long FencedBy => Volatile.Read(ref _fencedBy);

    /// <summary>Time since the store last confirmed the epoch, counted from when it was asked, on a monotonic clock.</summary>
    public TimeSpan Age => time.GetElapsedTime(Volatile.Read(ref _confirmedAt));

    /// <param name="askedAt">Timestamp at which the successful request was sent.</param>
    public void Confirm(long askedAt)
    {
        var seen = Volatile.Read(ref _confirmedAt);
        while (askedAt > seen)
        {
            var before = Interlocked.CompareExchange(ref _confirmedAt, askedAt, seen);
            if (before == seen)
            {
                return;
            }

            seen = before;
        }
    }

    public void Fence(long epoch) => Volatile.Write(ref _fencedBy, epoch);
}
