using Grid.Primitives;

namespace Grid.Features.Shards;

/// <summary>What a manifest is of.</summary>
public sealed record ManifestInfo
{
    internal ManifestInfo(long sequence, Digest generation, int shard, int shards, int body, int table)
    {
        Sequence = sequence;
        Generation = generation;
        Shard = shard;
        Shards = shards;
        Body = body;
        Table = table;
    }

    /// <summary>The block whose end it shows.</summary>
    public long Sequence { get; }

    /// <summary>The plan that its records are laid out by.</summary>
    public Digest Generation { get; }

    public int Shard { get; }

    public int Shards { get; }

    internal int Body { get; }

    internal int Table { get; }
}
