using System.Buffers;
using System.Globalization;
using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Silo.Http;

/// <summary>Writes JSON answers whole, with their length, through a writer and a buffer that each thread keeps.</summary>
internal static class JsonAnswer
{
    /// <summary>A buffer that one large answer has grown beyond this is not kept.</summary>
    private const int MaxKeptBytes = 1 << 20;

    /// <summary>Answers are JSON and never part of a page, so that quotes and letters stay readable.</summary>
    private static readonly JsonWriterOptions Readable = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    [ThreadStatic]
    private static ArrayBufferWriter<byte>? s_buffer;

    [ThreadStatic]
    private static Utf8JsonWriter? s_writer;

    /// <summary>Writes what <paramref name="write"/> makes of the state. If it throws, nothing has been sent.</summary>
    public static ValueTask WriteAsync<T>(HttpContext context, T state, Action<Utf8JsonWriter, T> write, int status = 200, string contentType = "application/json")
    {
        var buffer = s_buffer ?? new ArrayBufferWriter<byte>(4096);
        var writer = s_writer ?? new Utf8JsonWriter(buffer, Readable);

        // Taken while in use: a write that comes in between on this thread makes its own.
        s_buffer = null;
        s_writer = null;
        buffer.ResetWrittenCount();
        writer.Reset(buffer);
        write(writer, state);
        writer.Flush();

        var response = context.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.ContentLength = buffer.WrittenCount;
        response.BodyWriter.Write(buffer.WrittenSpan);
        if (buffer.Capacity <= MaxKeptBytes)
        {
            s_buffer = buffer;
            s_writer = writer;
        }

        var flush = response.BodyWriter.FlushAsync(context.RequestAborted);
        if (flush.IsCompletedSuccessfully)
        {
            _ = flush.Result;
            return ValueTask.CompletedTask;
        }

        return Await(flush);

        static async ValueTask Await(ValueTask<System.IO.Pipelines.FlushResult> flush) => await flush;
    }

    public static ValueTask WriteAsync<T>(HttpContext context, T body, JsonTypeInfo<T> type, int status = 200) =>
        WriteAsync(context, (body, type), static (writer, s) => JsonSerializer.Serialize(writer, s.body, s.type), status);

    /// <summary>Writes errors as RFC 9457 problem details.</summary>
    public static ValueTask WriteProblemAsync(HttpContext context, IReadOnlyList<GridError> errors)
    {
        var problem = WireErrors.ToProblem(errors);
        SetRetryAfter(context, errors[0]);
        return WriteAsync(
            context,
            problem,
            static (writer, p) => JsonSerializer.Serialize(writer, p, WireContext.Default.ProblemBody),
            problem.Status,
            "application/problem+json");
    }

    /// <summary>Whole seconds, rounded up: a client that waits that long is never early.</summary>
    public static void SetRetryAfter(HttpContext context, GridError error)
    {
        if (error.RetryAfterMs is { } ms)
        {
            context.Response.Headers.RetryAfter = Math.Max(1, (ms + 999L) / 1000).ToString(CultureInfo.InvariantCulture);
        }
    }
}
