namespace Grid.Features.Shards;

/// <summary>Limits of a shard's state. Immutable. They are part of decisions, and decisions are logged, so a change takes effect for new events only.</summary>
public sealed record ShardStateOptions
{
    /// <summary>How far an event's time may be ahead of its arrival. Default 5 min, range 0 to 1 d.</summary>
    public TimeSpan AllowedClockSkew { get; init; } = TimeSpan.FromMinutes(5);

    /// <summary>How long the idempotency key of a push is known, at least. Default 24 h, range 1 min to 30 d.</summary>
    public TimeSpan KeyRetention { get; init; } = TimeSpan.FromHours(24);

    /// <summary>Keys known at most; beyond it keyed pushes are refused. About 51 bytes each. Default 4,000,000, range 1,000 to 400,000,000.</summary>
    public int KeyCapacity { get; init; } = 4_000_000;

    /// <summary>Entries set aside and not yet delivered, at most; beyond it deliveries are refused. Default 10,000, range 1 to 1,000,000.</summary>
    public int OutboxCapacity { get; init; } = 10_000;

    /// <summary>For tests only: deliveries apply events at or below the mark again, to show that a test of exactly-once can fail.</summary>
    public bool IgnoreMarksForTest { get; init; }

    /// <exception cref="Grid.Primitives.GridException">A value is out of range; carries all that are.</exception>
    public void Validate()
    {
        var errors = new List<Grid.Primitives.GridError>();
        Check(AllowedClockSkew, TimeSpan.Zero, TimeSpan.FromDays(1), nameof(AllowedClockSkew));
        Check(KeyRetention, TimeSpan.FromMinutes(1), TimeSpan.FromDays(30), nameof(KeyRetention));
        Check(KeyCapacity, 1_000, 400_000_000, nameof(KeyCapacity));
        Check(OutboxCapacity, 1, 1_000_000, nameof(OutboxCapacity));
        if (errors.Count > 0)
        {
            throw new Grid.Primitives.GridException(errors);
        }

        void Check<T>(T value, T low, T high, string name) where T : IComparable<T>
        {
            if (value.CompareTo(low) < 0 || value.CompareTo(high) > 0)
            {
                errors.Add(Grid.Primitives.GridError.Invalid(name, $"is {value}; the range is {low} to {high}.", "Set it within the range."));
            }
        }
    }
}
