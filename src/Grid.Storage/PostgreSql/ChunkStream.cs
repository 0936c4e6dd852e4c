namespace Grid.Storage.PostgreSql;

/// <summary>Reads an artifact from the database chunk by chunk. No connection is held between two chunks. Not thread-safe.</summary>
/// <param name="load">Loads a chunk; null after the last one.</param>
internal sealed class ChunkStream(Func<int, CancellationToken, Task<byte[]?>> load) : Stream
{
    private ReadOnlyMemory<byte> _rest;
    private int _next;
    private bool _isAtEnd;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position { get => throw new NotSupportedException(); set => throw new NotSupportedException(); }

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        while (_rest.IsEmpty && !_isAtEnd)
        {
            var chunk = await load(_next++, cancellationToken);
            _isAtEnd = chunk is null;
            _rest = chunk;
        }

        var count = Math.Min(buffer.Length, _rest.Length);
        _rest[..count].CopyTo(buffer);
        _rest = _rest[count..];
        return count;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override int Read(byte[] buffer, int offset, int count) => throw new NotSupportedException("Chunks are read asynchronously.");

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();
}
