using Grid.Primitives;

namespace Grid.Storage;

/// <summary>Takes the rows of a shard's log in their order and finds what is torn, changed, moved, missing or too much. Not thread-safe.</summary>
internal sealed class LogVerifier(RowVerifier rows, ShardKey shard, OwnerRow owner)
{
    private readonly List<LogBlock> _blocks = [];
    private long _next = owner.BaseSequence + 1;
    private long _lastEpoch;

    /// <summary>Takes the next row. Its payload is copied once it is verified, unless the caller gives it away.</summary>
    public void Add(long sequence, long epoch, long format, long checksum, ReadOnlySpan<byte> payload, byte[]? givenAway = null)
    {
        var target = $"shard '{shard}' block {_next}";
        if (sequence != _next)
        {
            throw rows.Corrupt(target, $"Expected block {_next}, found block {sequence}.");
        }

        if (sequence > owner.LastSequence)
        {
            throw rows.Corrupt(target, $"Expected the log to end with block {owner.LastSequence}, found block {sequence}.");
        }

        rows.CheckFormat(target, format);
        rows.CheckSum(target, checksum, RowChecksum.Block(shard, epoch, sequence, payload));
        if (epoch < _lastEpoch || epoch > owner.Epoch)
        {
            throw rows.Corrupt(target, $"Expected an epoch of {_lastEpoch} to {owner.Epoch}, found epoch {epoch}.");
        }

        _blocks.Add(new LogBlock(sequence, epoch, givenAway ?? payload.ToArray()));
        _lastEpoch = epoch;
        _next++;
    }

    /// <summary>All blocks, once the last row was taken.</summary>
    public IReadOnlyList<LogBlock> End() =>
        _next == owner.LastSequence + 1
            ? _blocks
            : throw rows.Corrupt($"shard '{shard}' block {_next}", $"Expected the log to end with block {owner.LastSequence}, found its end after block {_next - 1}.");
}
