using System.Buffers;
using System.Text.Json;
using Grid.Abstractions;
using Grid.Client.Wire;

namespace Grid.Client.Http;

/// <summary>Cuts an append into requests of bounded count and size, in order.</summary>
internal static class AppendChunks
{
    /// <summary>Encodes all events before the first is sent, so that a field of a wrong type changes nothing. An event over the byte limit makes a chunk of its own.</summary>
    public static List<AppendChunk> Make(IReadOnlyList<GridEvent> events, AckMode ack, GridClientOptions options)
    {
        var chunks = new List<AppendChunk>();
        var one = new ArrayBufferWriter<byte>(512);
        using var json = new Utf8JsonWriter(one);
        ArrayBufferWriter<byte>? chunk = null;
        var count = 0;
        foreach (var item in events)
        {
            one.ResetWrittenCount();
            json.Reset();
            JsonSerializer.Serialize(json, WireEvents.ToBody(item), WireContext.Default.EventBody);
            json.Flush();
            if (chunk is not null && (count >= options.AppendChunkEvents || chunk.WrittenCount + one.WrittenCount + 1 > options.AppendChunkBytes))
            {
                chunks.Add(Close(chunk, count));
                chunk = null;
            }

            if (chunk is null)
            {
                chunk = new ArrayBufferWriter<byte>(1024);
                chunk.Write(ack == AckMode.Applied ? "{\"ack\":\"applied\",\"events\":["u8 : "{\"events\":["u8);
                count = 0;
            }
            else
            {
                chunk.Write(","u8);
            }

            chunk.Write(one.WrittenSpan);
            count++;
        }

        if (chunk is not null)
        {
            chunks.Add(Close(chunk, count));
        }

        return chunks;
    }

    private static AppendChunk Close(ArrayBufferWriter<byte> chunk, int count)
    {
        chunk.Write("]}"u8);
        return new AppendChunk(chunk.WrittenMemory, count);
    }
}
