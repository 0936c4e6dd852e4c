using System.IO.Hashing;
using System.Text;
using Grid.Features.Records;
using Grid.Primitives;

namespace Grid.Features.Shards;

/// <summary>The sources of a shard, by index and by name.</summary>
internal sealed class SourceTable
{
    /// <summary>The feed that a tenant's pushes are; source 0 of every shard.</summary>
    public const string PushFeed = "push";

    public const int PushIndex = 0;

    private const int MaxNameLength = 512;

    private readonly List<SourceState> _sources = [];
    private readonly Dictionary<(string Feed, string Partition), int> _indexes = [];

    public SourceTable() => Add(PushFeed, "");

    public int Count => _sources.Count;

    public SourceState this[int index] => _sources[index];

    /// <summary>Index of the source; made where it is new.</summary>
    public int Add(string feed, string partition)
    {
        if (!_indexes.TryGetValue((feed, partition), out var index))
        {
            index = _sources.Count;
            _sources.Add(new SourceState(feed, partition, XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{feed}\n{partition}"))));
            _indexes.Add((feed, partition), index);
        }

        return index;
    }

    public SourceState? Find(string feed, string partition) => _indexes.TryGetValue((feed, partition), out var index) ? _sources[index] : null;

    public static void CheckNames(string feed, string partition)
    {
        if (feed.Length is 0 or > MaxNameLength || feed == PushFeed || partition.Length > MaxNameLength)
        {
            throw GridError.Invalid($"feed '{feed}' partition '{partition}'", $"is not a valid source: a feed has 1 to {MaxNameLength} characters and is not '{PushFeed}'.", "Name the feed after its topic and its reading.").ToException();
        }
    }

    public void ClearBlockIndexes()
    {
        foreach (var source in _sources)
        {
            source.BlockIndex = -1;
        }
    }

    public void Save(ByteBuffer buffer)
    {
        buffer.Varint((uint)_sources.Count);
        foreach (var source in _sources)
        {
            buffer.Text(source.Feed);
            buffer.Text(source.Partition);
            buffer.Int64(source.Mark);
            buffer.Int64(source.Watermark);
            buffer.Int64(source.ClockedWatermark);
        }
    }

    public void Load(ref ByteCursor cursor)
    {
        var count = cursor.Count();
        for (var i = 0; i < count; i++)
        {
            var source = this[Add(cursor.Text(), cursor.Text())];
            source.Mark = source.LoggedMark = cursor.Int64();
            source.Watermark = cursor.Int64();
            source.ClockedWatermark = cursor.Int64();
        }
    }

    /// <summary>Marks and watermarks, sorted by name; sources that have neither are left out.</summary>
    public void WriteLogical(ByteBuffer buffer)
    {
        foreach (var source in _sources.Where(static s => s.Mark >= 0 || s.Watermark != RecordLayout.NoTime)
            .OrderBy(static s => s.Feed, StringComparer.Ordinal).ThenBy(static s => s.Partition, StringComparer.Ordinal))
        {
            buffer.Text(source.Feed);
            buffer.Text(source.Partition);
            buffer.Int64(source.Mark);
            buffer.Int64(source.Watermark);
            buffer.Int64(source.ClockedWatermark);
        }
    }
}
