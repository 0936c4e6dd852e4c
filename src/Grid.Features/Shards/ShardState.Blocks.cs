using Grid.Features.Plans;
using Grid.Primitives;

namespace Grid.Features.Shards;

/// <content>Blocks: how they are filled, sealed, and applied again.</content>
public sealed partial class ShardState
{
    // One being filled, and those that their owner is storing; more would mean that nobody gives them back.
    private const int MaxSpareBuffers = 4;

    private readonly Stack<ByteBuffer> _buffers = new();

    // Which source each index of the block is: of the one being filled, or of the one being replayed.
    private readonly List<int> _blockSources = [];
    private readonly Action<ByteBuffer> _giveBack;
    private ByteBuffer _block;
    private int _blockRows;

    /// <summary>Bytes of the block being filled.</summary>
    public int PendingBytes => _block.Length - BlockHeader.Bytes;

    /// <summary>Whether anything has changed since the last block.</summary>
    public bool HasPending
    {
        get
        {
            if (_blockRows > 0)
            {
                return true;
            }

            for (var i = 0; i < _sources.Count; i++)
            {
                if (_sources[i].Mark != _sources[i].LoggedMark)
                {
                    return true;
                }
            }

            return false;
        }
    }

    /// <summary>Ends the block and begins the next one.</summary>
    /// <returns>The block, to be stored and then disposed of; null where nothing has changed.</returns>
    public SealedBlock? SealBlock()
    {
        ThrowIfUnusable();
        if (!HasPending)
        {
            return null;
        }

        for (var i = 0; i < _sources.Count; i++)
        {
            if (_sources[i].Mark != _sources[i].LoggedMark)
            {
                var index = BlockIndexOf(i);
                BeginRow(BlockRowKind.Mark);
                _block.Varint((uint)index);
                _block.Int64(_sources[i].Mark);
                _sources[i].LoggedMark = _sources[i].Mark;
            }
        }

        Sequence++;
        BlockHeader.Finish(_block, Sequence, _blockRows);
        var block = new SealedBlock(_block, Sequence, _blockRows, _giveBack);
        _block = TakeBuffer();
        BlockHeader.Begin(_block, Plan.Generation);
        _blockRows = 0;
        _blockSources.Clear();
        _sources.ClearBlockIndexes();
        return block;
    }

    /// <summary>Applies a stored block: the one after <see cref="Sequence"/>, on a state without pending changes.</summary>
    /// <param name="block">The bytes that <see cref="SealBlock"/> gave.</param>
    /// <param name="plans">Finds the plan of a generation, for blocks in which the plan is switched; null where there are none.</param>
    /// <exception cref="GridException">Corrupt: names what is wrong. Found by checksum, nothing is applied. Found later, the state is not usable any more and says so on each call.</exception>
    public void Replay(ReadOnlySpan<byte> block, Func<Digest, FeaturePlan?>? plans = null)
    {
        ThrowIfUnusable();
        if (HasPending)
        {
            throw new InvalidOperationException("A state with pending changes cannot replay a block; seal them first.");
        }

        var what = $"{Name}: block {Sequence + 1}";
        var (generation, rows) = BlockHeader.Check(block, Sequence + 1, what);
        if (generation != Plan.Generation)
        {
            throw new GridError(GridErrorCode.Corrupt, what, $"was written under generation {generation}, and the state has {Plan.Generation}.", "Replay every block in order, or load the snapshot that fits.").ToException();
        }

        try
        {
            ReplayRows(block, rows, what, plans);
        }
        catch (Exception e)
        {
            _broken = $"block {Sequence + 1} was applied in part ({e.Message})";
            throw;
        }

        Sequence++;
        _blockSources.Clear();
        BlockHeader.Begin(_block, Plan.Generation);
    }

    private void ReplayRows(ReadOnlySpan<byte> block, int rows, string what, Func<Digest, FeaturePlan?>? plans)
    {
        var cursor = new ByteCursor(block, BlockHeader.Bytes, what);
        _blockSources.Clear();
        for (var row = 0; row < rows; row++)
        {
            var kind = (BlockRowKind)cursor.Byte();
            switch (kind)
            {
                case BlockRowKind.Source:
                    _blockSources.Add(_sources.Add(cursor.Text(), cursor.Text()));
                    break;
                case BlockRowKind.Event:
                    ApplyEvent(ref cursor);
                    break;
                case BlockRowKind.Mark:
                    var source = BlockSource(ref cursor);
                    source.Mark = source.LoggedMark = cursor.Int64();
                    break;
                case BlockRowKind.SetAside:
                    var from = BlockSource(ref cursor);
                    _outbox.Add(Outbox.Read(ref cursor, from.Feed, from.Partition));
                    break;
                case BlockRowKind.OutboxAck:
                    _outbox.Ack(cursor.Int64());
                    break;
                case BlockRowKind.SwitchPlan:
                    var next = cursor.Digest();
                    _records.Switch(plans?.Invoke(next) ?? throw cursor.Corrupt($"switches to generation {next}, whose views are not known"), Shards);
                    break;
                default:
                    throw cursor.Corrupt($"has a row of kind {(byte)kind}");
            }
        }

        if (!cursor.IsAtEnd)
        {
            throw cursor.Corrupt($"has bytes after its {rows} rows");
        }
    }

    /// <summary>Goes over to other views, as a change in the log. The same views keep their records; changed ones take over what has the same meaning; the rest starts empty; views that are not in the next plan go.</summary>
    public void SwitchPlan(FeaturePlan next)
    {
        ThrowIfUnusable();
        if (next.Generation == Plan.Generation)
        {
            return;
        }

        BeginRow(BlockRowKind.SwitchPlan);
        _block.Digest(next.Generation);
        _records.Switch(next, Shards);
    }

    /// <summary>Forgets outbox entries up to a sequence, as a change in the log: they have been delivered.</summary>
    public void AckOutbox(long upTo)
    {
        ThrowIfUnusable();
        if (_outbox.Holds(upTo))
        {
            BeginRow(BlockRowKind.OutboxAck);
            _block.Int64(upTo);
            _outbox.Ack(upTo);
        }
    }

    private void BeginRow(BlockRowKind kind)
    {
        _block.Byte((byte)kind);
        _blockRows++;
    }

    private SourceState BlockSource(ref ByteCursor cursor) => _sources[_blockSources[cursor.Index(_blockSources.Count)]];

    private int BlockIndexOf(int source)
    {
        var state = _sources[source];
        if (state.BlockIndex < 0)
        {
            BeginRow(BlockRowKind.Source);
            _block.Text(state.Feed);
            _block.Text(state.Partition);
            state.BlockIndex = _blockSources.Count;
            _blockSources.Add(source);
        }

        return state.BlockIndex;
    }

    private ByteBuffer TakeBuffer() => _buffers.TryPop(out var buffer) ? buffer : new ByteBuffer();

    private void GiveBack(ByteBuffer buffer)
    {
        if (_disposed || _buffers.Count == MaxSpareBuffers)
        {
            buffer.Dispose();
        }
        else
        {
            _buffers.Push(buffer);
        }
    }
}
