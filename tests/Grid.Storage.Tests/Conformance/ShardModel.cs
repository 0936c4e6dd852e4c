namespace Grid.Storage.Tests.Conformance;

/// <summary>A slow, obvious shard: what the store must answer, written down from the rules alone.</summary>
internal sealed class ShardModel
{
    private readonly SortedDictionary<long, (long Epoch, string Payload)> _log = [];
    private readonly SortedDictionary<int, string> _pages = [];
    private long _epoch;
    private long _last;
    private long _base;

    public (long Epoch, long Last) Take() => (++_epoch, _last);

    public AppendOutcome Append(long epoch, long sequence, string payload)
    {
        if (epoch == _epoch && sequence == _last + 1)
        {
            _log[sequence] = (epoch, payload);
            _last = sequence;
            return new AppendOutcome(AppendStatus.Committed, epoch, sequence);
        }

        var status = _log.TryGetValue(sequence, out var block) && block == (epoch, payload) ? AppendStatus.Committed
            : sequence <= _base ? AppendStatus.Unknown
            : epoch != _epoch ? AppendStatus.Fenced
            : AppendStatus.OutOfSequence;
        return new AppendOutcome(status, _epoch, _last);
    }

    /// <param name="pages">The pages to write; all that the snapshot before had stay live.</param>
    public SnapshotOutcome Snapshot(long epoch, long sequence, IReadOnlyDictionary<int, string> pages)
    {
        if (epoch != _epoch)
        {
            return new SnapshotOutcome(SnapshotStatus.Fenced, _epoch, _base);
        }

        if (sequence <= _base)
        {
            return new SnapshotOutcome(SnapshotStatus.Stale, _epoch, _base);
        }

        foreach (var (page, content) in pages)
        {
            _pages[page] = content;
        }

        _base = sequence;
        foreach (var cut in _log.Keys.Where(s => s <= sequence).ToArray())
        {
            _log.Remove(cut);
        }

        return new SnapshotOutcome(SnapshotStatus.Switched, epoch, sequence);
    }

    public bool IsOwner(long epoch) => epoch == _epoch;

    public long Last => _last;

    public IReadOnlyCollection<int> Pages => _pages.Keys;

    public override string ToString()
    {
        var snapshot = _base == 0 ? "none" : $"manifest {_base} [{string.Join(", ", _pages.Select(static p => $"{p.Key}={p.Value}"))}]";
        return $"{snapshot} + {string.Join(", ", _log.Select(static b => $"{b.Key}@{b.Value.Epoch}={b.Value.Payload}"))}";
    }
}
