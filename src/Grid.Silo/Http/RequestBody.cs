using System.Buffers;
using System.IO.Pipelines;
using Grid.Primitives;

namespace Grid.Silo.Http;

/// <summary>
/// A whole request body in one span. A body that arrived in one piece is read in the server's own buffer; another is copied to a pooled one.
/// Dispose it once.
/// </summary>
internal readonly struct RequestBody : IDisposable
{
    private readonly PipeReader? _pipe;
    private readonly SequencePosition _end;
    private readonly byte[]? _rented;

    private RequestBody(PipeReader pipe, ReadOnlySequence<byte> sequence)
    {
        _pipe = pipe;
        _end = sequence.End;
        Bytes = sequence.First;
    }

    private RequestBody(byte[] rented, int length)
    {
        _rented = rented;
        Bytes = rented.AsMemory(0, length);
    }

    public ReadOnlyMemory<byte> Bytes { get; }

    /// <exception cref="GridException">The body is over the limit.</exception>
    public static ValueTask<RequestBody> ReadAsync(HttpRequest request, int limitBytes, CancellationToken cancellationToken)
    {
        if (request.ContentLength > limitBytes)
        {
            throw TooLarge(limitBytes, request.ContentLength);
        }

        var pipe = request.BodyReader;
        var isRead = pipe.TryRead(out var result);
        return isRead && TryTake(pipe, result, limitBytes, out var body)
            ? new ValueTask<RequestBody>(body)
            : CollectAsync(pipe, isRead, result, limitBytes, cancellationToken);
    }

    public void Dispose()
    {
        _pipe?.AdvanceTo(_end);
        if (_rented is not null)
        {
            ArrayPool<byte>.Shared.Return(_rented);
        }
    }

    private static bool TryTake(PipeReader pipe, ReadResult result, int limitBytes, out RequestBody body)
    {
        if (result is { IsCompleted: true, Buffer.IsSingleSegment: true } && result.Buffer.Length <= limitBytes)
        {
            body = new RequestBody(pipe, result.Buffer);
            return true;
        }

        body = default;
        return false;
    }

    private static async ValueTask<RequestBody> CollectAsync(PipeReader pipe, bool isRead, ReadResult result, int limitBytes, CancellationToken cancellationToken)
    {
        byte[]? rented = null;
        var length = 0;
        try
        {
            while (true)
            {
                if (!isRead)
                {
                    result = await pipe.ReadAsync(cancellationToken);
                    if (rented is null && TryTake(pipe, result, limitBytes, out var body))
                    {
                        return body;
                    }
                }

                isRead = false;
                var buffer = result.Buffer;
                if (length + buffer.Length > limitBytes)
                {
                    pipe.AdvanceTo(buffer.End);
                    throw TooLarge(limitBytes, null);
                }

                rented = Grow(rented, length, (int)buffer.Length);
                buffer.CopyTo(rented.AsSpan(length));
                length += (int)buffer.Length;
                pipe.AdvanceTo(buffer.End);
                if (result.IsCompleted)
                {
                    var taken = new RequestBody(rented, length);
                    rented = null;
                    return taken;
                }
            }
        }
        finally
        {
            if (rented is not null)
            {
                ArrayPool<byte>.Shared.Return(rented);
            }
        }
    }

    private static byte[] Grow(byte[]? rented, int length, int more)
    {
        if (rented is not null && rented.Length >= length + more)
        {
            return rented;
        }

        var larger = ArrayPool<byte>.Shared.Rent(Math.Max(length + more, 2 * length));
        if (rented is not null)
        {
            rented.AsSpan(0, length).CopyTo(larger);
            ArrayPool<byte>.Shared.Return(rented);
        }

        return larger;
    }

    private static GridException TooLarge(int limitBytes, long? length) =>
        new GridError(
            GridErrorCode.TooLarge,
            "body",
            length is null ? $"is over the limit of {limitBytes} bytes." : $"has {length} bytes, over the limit of {limitBytes}.",
            "Send it in parts, or raise GridHttpOptions.MaxBodyBytes.").ToException();
}
