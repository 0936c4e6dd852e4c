using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Serialization.Metadata;

namespace Grid.Client.Http;

/// <summary>JSON bodies with their length known.</summary>
internal static class JsonBytesContent
{
    public static HttpContent From(ReadOnlyMemory<byte> utf8) =>
        new ReadOnlyMemoryContent(utf8) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };

    public static HttpContent From<T>(T body, JsonTypeInfo<T> type) => From(JsonSerializer.SerializeToUtf8Bytes(body, type));
}
