using System.Text;
using Grid.Features.Paging;
using Grid.Features.Plans;
using Grid.Features.Records;
using Grid.Primitives;

namespace Grid.Features.Shards;

/// <summary>
/// The feature state of one shard of one tenant: its records, marks, keys and outbox. Not thread-safe: whoever owns it lets one call in at a time, reads too.
/// </summary>
/// <remarks>
/// Every change is decided, written into the current block with its decision, and applied from those bytes; <see cref="Replay"/> applies the same bytes. So the same log gives the
/// same bits. A read changes nothing. A block becomes durable when its owner has stored what <see cref="SealBlock"/> gives.
/// </remarks>
public sealed partial class ShardState : IDisposable
{
    private readonly ShardStateOptions _options;
    private readonly PagePool _pool;
    private readonly PageStore _pages;
    private readonly ShardRecords _records;
    private readonly SourceTable _sources = new();
    private readonly KeyWindow _keys;
    private readonly Outbox _outbox;
    private readonly VectorReader _reader;
    private readonly NameMap _names = new();
    private readonly EventValues _decoded = new();
    private readonly EventValues _applied = new();
    private string? _broken;
    private bool _disposed;

    /// <summary>An empty state.</summary>
    /// <param name="plan">The views.</param>
    /// <param name="shard">Number of the shard, 0 to <paramref name="shards"/> - 1.</param>
    /// <param name="shards">How many shards the tenant has, 1 to <see cref="ShardHash.MaxShards"/>.</param>
    /// <param name="pool">Where pages come from.</param>
    /// <param name="options">Limits; default values where null.</param>
    public ShardState(FeaturePlan plan, int shard, int shards, PagePool pool, ShardStateOptions? options = null)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(shards, 1);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(shards, ShardHash.MaxShards);
        ArgumentOutOfRangeException.ThrowIfNegative(shard);
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual(shard, shards);
        _options = options ?? new ShardStateOptions();
        _options.Validate();
        Shard = shard;
        Shards = shards;
        _pool = pool;
        _pages = new PageStore(pool);
        _records = new ShardRecords(plan, _pages);
        _keys = new KeyWindow(_pages);
        _outbox = new Outbox(_options.OutboxCapacity);
        _reader = new VectorReader(_pages);
        _giveBack = GiveBack;
        _block = TakeBuffer();
        BlockHeader.Begin(_block, plan.Generation);
    }

    public FeaturePlan Plan => _records.Plan;

    public int Shard { get; }

    public int Shards { get; }

    /// <summary>Sequence of the last block sealed or replayed; 0 for none.</summary>
    public long Sequence { get; private set; }

    /// <summary>Bytes of pages in use.</summary>
    public long PageBytes => _pages.Bytes;

    /// <summary>Idempotency keys known.</summary>
    public int KeyCount => _keys.Count;

    /// <summary>Events set aside and not yet acknowledged.</summary>
    public int OutboxCount => _outbox.Count;

    /// <summary>Records of all views.</summary>
    public long RecordCount
    {
        get
        {
            long count = 0;
            foreach (var table in _records.Tables)
            {
                count += table.Index.Count;
            }

            return count;
        }
    }

    /// <summary>The applied mark of a source: everything at or below it is in this state; -1 for nothing.</summary>
    public long GetMark(string feed, string partition) => _sources.Find(feed, partition)?.Mark ?? -1;

    /// <summary>The applied marks of all delivered sources.</summary>
    public IReadOnlyList<SourceMark> Marks
    {
        get
        {
            var marks = new List<SourceMark>();
            for (var i = SourceTable.PushIndex + 1; i < _sources.Count; i++)
            {
                marks.Add(new SourceMark(_sources[i].Feed, _sources[i].Partition, _sources[i].Mark));
            }

            return marks;
        }
    }

    /// <summary>Whether the view has a record of the entity (for a tenant view: any at all).</summary>
    public bool Exists(string view, string entity) => Find(view, entity, out _) != 0;

    /// <summary>Event time of the entity's newest event in the view; <see cref="long.MinValue"/> where it has none.</summary>
    public long NewestEventMs(string view, string entity) =>
        Find(view, entity, out var table) is var address and not 0 ? RecordLayout.NewestIn(table!.Read(address)) : RecordLayout.NoTime;

    /// <summary>Every record's view and entity (empty for a tenant view), in no order. The state must not change meanwhile.</summary>
    public IEnumerable<(string View, string Entity)> Records
    {
        get
        {
            foreach (var table in _records.Tables.ToArray())
            {
                foreach (var address in table.Index.Addresses)
                {
                    yield return (table.View.Name, Encoding.UTF8.GetString(table.KeyOf(address)));
                }
            }
        }
    }

    /// <summary>Digest of records, marks, watermarks and keys, whatever pages they lie in: equal exactly where the state is equal to the bit. Walks everything.</summary>
    public Digest StateDigest()
    {
        ThrowIfUnusable();
        return LogicalState.DigestOf(_records, _pages, _sources, _keys);
    }

    /// <summary>A record as text, for people and tests; null where there is none.</summary>
    public string? DumpRecord(string view, string entity) =>
        Find(view, entity, out var table) is var address and not 0 ? LogicalState.Dump(_pages, table!.View, entity, table.Read(address)) : null;

    /// <summary>What was set aside, oldest first. At least once: an entry comes again until it is acknowledged.</summary>
    public IReadOnlyList<OutboxEntry> PeekOutbox(int max) => _outbox.Peek(max);

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _pages.Dispose();
            _block.Dispose();
            foreach (var buffer in _buffers)
            {
                buffer.Dispose();
            }
        }
    }

    private uint Find(string view, string entity, out RecordTable? table)
    {
        ThrowIfUnusable();
        table = Plan.FindView(view) is { } found ? _records.Table(found) : null;
        return table is null ? 0 : table.Find(table.View.IsTenant ? default : Encoding.UTF8.GetBytes(entity));
    }

    private void ThrowIfUnusable()
    {
        ObjectDisposedException.ThrowIf(_disposed, this);
        if (_broken is not null)
        {
            throw new GridError(GridErrorCode.Corrupt, Name, $"is not usable: {_broken}", "Load the shard again from its snapshot and log.").ToException();
        }
    }

    private string Name => $"shard {Shard} of {Shards}";
}
