using System.Buffers;
using System.Globalization;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using Grid.Storage.Predictions;

namespace Grid.Grains.Predictions;

/// <summary>
/// A prediction as a record of the topic: one JSON object, with the names that the log's answers have. Floats are written so that they read back to the same bits, in an array
/// also where there is one; those that are no numbers are the texts <c>"NaN"</c>, <c>"Infinity"</c>, <c>"-Infinity"</c>. Not thread-safe.
/// </summary>
internal sealed class TopicRecord : IDisposable
{
    public const int Format = 1;

    /// <summary>Names and punctuation of a record, its times and numbers, and what the client keeps of each.</summary>
    private const int FixedBytes = 1024;

    /// <summary>The longest float has 15 characters.</summary>
    private const int FloatBytes = 16;

    /// <summary>A character takes at most this in UTF-8. What must be escaped takes more, and is rare.</summary>
    private const int CharBytes = 3;

    private readonly ArrayBufferWriter<byte> _buffer = new(4096);
    private readonly Utf8JsonWriter _json;

    // A record is no part of a page: what a page must escape can stand as it is.
    public TopicRecord() => _json = new Utf8JsonWriter(_buffer, new JsonWriterOptions { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping });

    /// <summary>Bytes of what all records of a layout have, roughly.</summary>
    public static int BytesOf(PredictionLayout layout) =>
        FixedBytes
        + layout.Digest.Length + layout.Views.Length + layout.Runtime.Length + (2 * layout.Version.ToString().Length)
        + layout.Features.Concat(layout.Outputs).Sum(static name => (CharBytes * name.Length) + 3 + FloatBytes);

    /// <summary>Bytes of a record, with its key, roughly.</summary>
    public static int BytesOf(int layoutBytes, LoggedPrediction row) => layoutBytes + (CharBytes * (row.Id.Length + (2 * (row.Tenant.Length + row.Entity.Length)) + row.TraceId.Length));

    /// <summary><c>workspace/tenant/entity</c>, so that what is said of an entity stays in order. A prediction of nobody stands for itself.</summary>
    public static byte[] KeyOf(LoggedPrediction row) => Encoding.UTF8.GetBytes($"{row.Layout.Version.Workspace}/{row.Tenant}/{(row.Entity.Length > 0 ? row.Entity : row.Id)}");

    public byte[] ValueOf(LoggedPrediction row)
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        _json.WriteStartObject();
        _json.WriteNumber("format"u8, Format);
        _json.WriteString("prediction_id"u8, row.Id);
        _json.WriteString("workspace"u8, row.Layout.Version.Workspace);
        _json.WriteString("tenant"u8, row.Tenant);
        _json.WriteString("entity"u8, row.Entity);
        _json.WriteString("as_of"u8, Time(row.TimeMs));
        _json.WriteString("answered"u8, Time(row.AtMs));
        _json.WriteString("model"u8, row.Layout.Version.Model);
        _json.WriteString("version"u8, row.Layout.Version.Version);
        _json.WriteString("digest"u8, row.Layout.Digest);
        _json.WriteString("views"u8, row.Layout.Views);
        _json.WriteNumber("catalogue_revision"u8, row.Revision);
        _json.WriteNumber("latency_us"u8, row.LatencyUs);
        if (row.TraceId.Length > 0)
        {
            _json.WriteString("trace_id"u8, row.TraceId);
        }

        _json.WriteString("runtime"u8, row.Layout.Runtime);
        Write("feature_names"u8, row.Layout.Features);
        Write("features"u8, row.Vector);
        Write("output_names"u8, row.Layout.Outputs);
        Write("outputs"u8, row.Output);
        _json.WriteEndObject();
        _json.Flush();
        return _buffer.WrittenSpan.ToArray();
    }

    public void Dispose() => _json.Dispose();

    /// <summary>As the HTTP door writes times; those outside the years 1 to 9999 become the nearest that can be written.</summary>
    private static string Time(long ms) =>
        DateTimeOffset.FromUnixTimeMilliseconds(Math.Clamp(ms, DateTimeOffset.MinValue.ToUnixTimeMilliseconds(), DateTimeOffset.MaxValue.ToUnixTimeMilliseconds()))
            .UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.fff'Z'", CultureInfo.InvariantCulture);

    private void Write(ReadOnlySpan<byte> name, string[] values)
    {
        _json.WriteStartArray(name);
        foreach (var value in values)
        {
            _json.WriteStringValue(value);
        }

        _json.WriteEndArray();
    }

    private void Write(ReadOnlySpan<byte> name, float[] values)
    {
        _json.WriteStartArray(name);
        foreach (var value in values)
        {
            if (float.IsFinite(value))
            {
                _json.WriteNumberValue(value);
            }
            else
            {
                _json.WriteStringValue(float.IsNaN(value) ? "NaN"u8 : value > 0 ? "Infinity"u8 : "-Infinity"u8);
            }
        }

        _json.WriteEndArray();
    }
}
