namespace Grid.Features.Shards;

/// <summary>One block of the log, ready to be stored. Its bytes are good until it is disposed of, once.</summary>
public sealed class SealedBlock : IDisposable
{
    private readonly ByteBuffer _buffer;
    private readonly Action<ByteBuffer> _return;
    private bool _disposed;

    internal SealedBlock(ByteBuffer buffer, long sequence, int rows, Action<ByteBuffer> giveBack)
    {
        _buffer = buffer;
        _return = giveBack;
        Sequence = sequence;
        Rows = rows;
    }

    /// <summary>1 for the first block of a shard, then one more each; part of the checked bytes.</summary>
    public long Sequence { get; }

    /// <summary>Rows in it: events, marks, what is set aside.</summary>
    public int Rows { get; }

    public ReadOnlyMemory<byte> Bytes => _disposed ? throw new ObjectDisposedException(nameof(SealedBlock)) : _buffer.WrittenMemory;

    public void Dispose()
    {
        if (!_disposed)
        {
            _disposed = true;
            _return(_buffer);
        }
    }
}
