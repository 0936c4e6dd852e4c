using Grid.Monitoring.Formats;

namespace Grid.Monitoring.Windows;

/// <summary>Remembers which deltas were merged: the newest sequence of each source and which of the 64 up to it came. Bounded.</summary>
internal sealed class MergeLedger
{
    /// <summary>Sources remembered; beyond, the one not heard of for longest is forgotten.</summary>
    public const int MaximumSources = 1024;

    private readonly Dictionary<string, Entry> _entries = new(StringComparer.Ordinal);
    private long _clock;

    /// <summary>Whether the delta is new; <see cref="Accept"/> makes it known.</summary>
    public MergeOutcome Check(string source, long epoch, long sequence)
    {
        if (!_entries.TryGetValue(source, out var e) || epoch > e.Epoch)
        {
            return MergeOutcome.Merged;
        }

        if (epoch < e.Epoch)
        {
            return MergeOutcome.Stale;
        }

        // What is older than the bits reach was merged or given up long ago: a sender keeps a few at most.
        var age = e.Newest - sequence;
        return age < 0 ? MergeOutcome.Merged : age < 64 && (e.Seen >> (int)age & 1) == 0 ? MergeOutcome.Merged : MergeOutcome.Duplicate;
    }

    public void Accept(string source, long epoch, long sequence)
    {
        var e = _entries.TryGetValue(source, out var known) && known.Epoch == epoch ? known : new Entry(epoch, sequence, 0, 0);
        if (sequence > e.Newest)
        {
            var step = sequence - e.Newest;
            e = e with { Newest = sequence, Seen = step < 64 ? e.Seen << (int)step : 0 };
        }

        e = e with { Seen = e.Seen | (1UL << (int)(e.Newest - sequence)), Heard = ++_clock };
        if (known is null && _entries.Count >= MaximumSources)
        {
            _entries.Remove(_entries.MinBy(static p => p.Value.Heard).Key);
        }

        _entries[source] = e;
    }

    public void Write(BinaryWriter writer)
    {
        writer.Write7BitEncodedInt(_entries.Count);
        foreach (var (source, e) in _entries.OrderBy(static p => p.Value.Heard))
        {
            writer.Write(source);
            writer.Write(e.Epoch);
            writer.Write(e.Newest);
            writer.Write(e.Seen);
        }
    }

    public void Read(BinaryReader reader)
    {
        var count = Binary.ReadLength(reader, MaximumSources);
        for (var i = 0; i < count; i++)
        {
            _entries.Add(reader.ReadString(), new Entry(reader.ReadInt64(), reader.ReadInt64(), reader.ReadUInt64(), ++_clock));
        }
    }

    private sealed record Entry(long Epoch, long Newest, ulong Seen, long Heard);
}
