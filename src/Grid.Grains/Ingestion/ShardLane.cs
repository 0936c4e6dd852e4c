using Grid.Abstractions;
using Grid.Primitives;

namespace Grid.Grains.Ingestion;

/// <summary>
/// What one reader has for one shard: events that gather, deliveries that were sent and are not yet durable, and where to go on. Decides; sends nothing.
/// For the reader's scheduler alone.
/// </summary>
internal sealed class ShardLane(ShardKey key, IFeatureShardGrain shard, long frontier, int maxDeliveryBytes)
{
    private const int FirstBufferBytes = 512;

    private readonly List<KeptDelivery> _kept = [];
    private int _sent;
    private byte[] _open = [];
    private int _openBytes;
    private int _openEvents;
    private long _openFirst;
    private long _openLast;
    private long _openAt;
    private string[] _names = [];
    private long _last = frontier;
    private bool _hasBegun;

    public ShardKey Key => key;

    public IFeatureShardGrain Shard => shard;

    /// <summary>The lane's loop is running.</summary>
    public bool IsSending { get; set; }

    /// <summary>Since when the shard gives no usable answer, in ticks; 0 while it does.</summary>
    public long AwaySince { get; set; }

    /// <summary>Attempts in a row that brought no usable answer.</summary>
    public int Failures { get; set; }

    /// <summary>A question for its marks is under way.</summary>
    public bool IsAsked { get; set; }

    /// <summary>When its marks were last heard, in ticks.</summary>
    public long HeardAt { get; private set; }

    /// <summary>Counts what was heard: an answer that was asked for before the last one is old.</summary>
    public long Hearings { get; private set; }

    /// <summary>Events above it may not be loaded yet; <see cref="long.MaxValue"/>, the default, where all that was read is.</summary>
    public long Ceiling { get; set; } = long.MaxValue;

    /// <summary>The first position that left memory without being durable; -1 where none did.</summary>
    public long ParkedFrom { get; private set; } = -1;

    public bool IsParked => ParkedFrom >= 0;

    /// <summary>The durable mark as last heard from the shard; -1 before.</summary>
    public long Durable { get; private set; } = -1;

    public long KeptBytes { get; private set; }

    public long KeptEvents { get; private set; }

    public bool IsOwing => _kept.Count > 0 || _openEvents > 0;

    public bool HasUnsent => _sent < _kept.Count || _openEvents > 0;

    /// <summary>The last position that the shard has applied at some time.</summary>
    public long LastSent => _sent > 0 ? _kept[_sent - 1].Last : Durable;

    /// <summary>Everything at or below it is durable in the shard, or is not for it; <see cref="long.MaxValue"/> where it owes nothing.</summary>
    public long Floor
    {
        get
        {
            if (IsParked)
            {
                return ParkedFrom - 1;
            }

            return Math.Min(Ceiling, _kept.Count > 0 ? Math.Max(_kept[0].First - 1, Durable) : _openEvents > 0 ? _openFirst - 1 : long.MaxValue);
        }
    }

    /// <summary>When the oldest event that is not durable came, in ticks; <see cref="long.MaxValue"/> where there is none.</summary>
    public long OldestAt => _kept.Count > 0 ? _kept[0].At : _openEvents > 0 ? _openAt : long.MaxValue;

    /// <summary>Takes one event, as it stands in a batch whose names begin with those of the batches before.</summary>
    public void Add(string[] names, ReadOnlySpan<byte> encoded, long position, long now)
    {
        if (_openEvents > 0 && (_openBytes + encoded.Length > maxDeliveryBytes || !Continues(names)))
        {
            Seal();
        }

        if (_openEvents == 0)
        {
            (_openFirst, _openAt) = (position, now);
        }

        if (_openBytes + encoded.Length > _open.Length)
        {
            Array.Resize(ref _open, Math.Max(FirstBufferBytes, Math.Max(_open.Length * 2, _openBytes + encoded.Length)));
        }

        encoded.CopyTo(_open.AsSpan(_openBytes));
        _names = names;
        _openBytes += encoded.Length;
        _openEvents++;
        KeptBytes += encoded.Length;
        KeptEvents++;
        _openLast = position;
    }

    /// <summary>The next delivery to send, or null. It is the next again until <see cref="Sent"/>.</summary>
    public KeptDelivery? Next()
    {
        if (_sent == _kept.Count)
        {
            if (_openEvents == 0)
            {
                return null;
            }

            Seal();
        }

        return _kept[_sent];
    }

    /// <summary>The shard has applied the delivery.</summary>
    public void Sent(KeptDelivery delivery)
    {
        var index = _kept.IndexOf(delivery, _sent);
        _sent = index < 0 ? _sent : index + 1;
    }

    /// <summary>Goes back, or on, to the first delivery that a shard with this applied mark does not have whole.</summary>
    public void Rewind(long applied)
    {
        _sent = 0;
        while (_sent < _kept.Count && _kept[_sent].Last <= applied)
        {
            _sent++;
        }
    }

    /// <summary>Takes the marks in; what is durable leaves memory.</summary>
    /// <exception cref="GridException">Corrupt: the shard has lost what it called durable.</exception>
    public void Heard(long applied, long durable, long now)
    {
        if (applied < Durable)
        {
            throw new GridError(
                GridErrorCode.Corrupt,
                $"shard {key}",
                $"is at position {applied}, though it called {Durable} durable.",
                "The store went back in time (a restored backup?): give the topic a new identity, or restore the frontiers from the same backup.").ToException();
        }

        HeardAt = now;
        Hearings++;
        Durable = Math.Max(Durable, durable);
        var done = 0;
        while (done < _kept.Count && _kept[done].Last <= Durable)
        {
            Forget(_kept[done++]);
        }

        _kept.RemoveRange(0, done);
        _sent = Math.Max(0, _sent - done);
    }

    /// <summary>
    /// Lets go of everything, for good: another lane catches up from the first position that is not known to be durable, which is at most
    /// <paramref name="next"/>, the next that is read.
    /// </summary>
    public void Park(long next)
    {
        ParkedFrom = Math.Min(Floor, next - 1) + 1;
        _kept.Clear();
        (_sent, _openEvents, _openBytes, _open) = (0, 0, 0, []);
        (KeptBytes, KeptEvents) = (0, 0);
    }

    /// <summary>The table of names only grows while one builder lives; another one's indexes mean other names.</summary>
    private bool Continues(string[] names) =>
        ReferenceEquals(names, _names) || (names.Length >= _names.Length && names.AsSpan(0, _names.Length).SequenceEqual(_names));

    private void Seal()
    {
        var events = new EventBatch(_names, _open.AsMemory(0, _openBytes), _openEvents);
        _kept.Add(new KeptDelivery(_last, !_hasBegun, _openFirst, _openLast, events, _openAt));
        _last = _openLast;
        _hasBegun = true;
        (_open, _openBytes, _openEvents) = ([], 0, 0);
    }

    private void Forget(KeptDelivery delivery)
    {
        KeptBytes -= delivery.Events.Payload.Length;
        KeptEvents -= delivery.Events.Count;
    }
}
