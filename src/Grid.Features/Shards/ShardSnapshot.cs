using Grid.Features.Paging;

namespace Grid.Features.Shards;

/// <summary>
/// A shard as of the end of a block: its changed pages and a manifest of all. Nothing was copied to take it; the shard copies a page before it changes one.
/// Its members may be used on another thread, by one at a time, until the shard is told that it is completed or failed.
/// </summary>
public sealed class ShardSnapshot
{
    private readonly ByteBuffer _manifest;
    private readonly long[] _checksums;
    private readonly List<FrozenPage> _frozen;
    private bool _sealed;

    internal ShardSnapshot(long sequence, ByteBuffer manifest, List<FrozenPage> frozen, long[] checksums)
    {
        Sequence = sequence;
        _manifest = manifest;
        _frozen = frozen;
        _checksums = checksums;
        DirtyPages = [.. frozen.Select(static p => new SnapshotPage(p.Id, p.Buffer))];
        var live = new HashSet<int>(frozen.Select(static p => p.Id));
        LivePages = [.. Enumerable.Range(0, checksums.Length).Where(id => checksums[id] != 0 || live.Contains(id))];
    }

    /// <summary>The block whose end it shows: the log after it is what is left to replay.</summary>
    public long Sequence { get; }

    /// <summary>The pages to store, by rising id.</summary>
    public IReadOnlyList<SnapshotPage> DirtyPages { get; }

    /// <summary>Ids of all pages that the manifest needs, rising: those to store and those stored before.</summary>
    public IReadOnlyList<int> LivePages { get; }

    /// <summary>The manifest; the first call adds up the checksums of the changed pages.</summary>
    public ReadOnlyMemory<byte> Manifest
    {
        get
        {
            if (!_sealed)
            {
                for (var i = 0; i < _frozen.Count; i++)
                {
                    var checksum = ManifestHeader.ChecksumOf(_frozen[i].Buffer);
                    _frozen[i] = _frozen[i] with { Checksum = checksum };
                    _checksums[_frozen[i].Id] = checksum;
                }

                ManifestHeader.Finish(_manifest, _checksums);
                _sealed = true;
            }

            return _manifest.WrittenMemory;
        }
    }

    internal List<FrozenPage> Frozen => _frozen;

    internal void Release() => _manifest.Dispose();
}
