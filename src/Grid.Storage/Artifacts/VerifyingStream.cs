using System.Security.Cryptography;
using Grid.Primitives;

namespace Grid.Storage;

/// <summary>Hands a file on from start to end and checks it against its digest at the end. Not thread-safe.</summary>
internal sealed class VerifyingStream(FileStream file, Digest expected) : Stream
{
    private readonly IncrementalHash _hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
    private bool _isVerified;

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => file.Length;

    public override long Position
    {
        get => file.Position;
        set => throw new NotSupportedException("An artifact is read from start to end.");
    }

    public override int Read(byte[] buffer, int offset, int count) => Read(buffer.AsSpan(offset, count));

    public override int Read(Span<byte> buffer)
    {
        var read = file.Read(buffer);
        Take(buffer[..read], buffer.Length);
        return read;
    }

    public override Task<int> ReadAsync(byte[] buffer, int offset, int count, CancellationToken cancellationToken) =>
        ReadAsync(buffer.AsMemory(offset, count), cancellationToken).AsTask();

    public override async ValueTask<int> ReadAsync(Memory<byte> buffer, CancellationToken cancellationToken = default)
    {
        var read = await file.ReadAsync(buffer, cancellationToken);
        Take(buffer.Span[..read], buffer.Length);
        return read;
    }

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException("An artifact is read from start to end.");

    public override void SetLength(long value) => throw new NotSupportedException("An artifact is immutable.");

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException("An artifact is immutable.");

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            file.Dispose();
            _hash.Dispose();
        }

        base.Dispose(disposing);
    }

    private void Take(ReadOnlySpan<byte> read, int asked)
    {
        if (read.Length > 0)
        {
            _hash.AppendData(read);
        }
        else if (asked > 0 && !_isVerified)
        {
            var found = Digests.FromHash(_hash.GetCurrentHash());
            if (found != expected)
            {
                throw new GridError(
                    GridErrorCode.Corrupt,
                    $"artifact '{expected}'",
                    $"The file has the digest {found}.",
                    "Store the artifact again from its source; that replaces the damaged file.").ToException();
            }

            _isVerified = true;
        }
    }
}
