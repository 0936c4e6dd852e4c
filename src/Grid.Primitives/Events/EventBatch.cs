using Orleans;

namespace Grid.Primitives;

/// <summary>
/// Events in wire form: a table of names (event types and fields) and one byte string. Immutable; made by <see cref="EventBatchBuilder"/>, read by <see cref="EventBatchReader"/>.
/// Reading allocates nothing.
/// </summary>
/// <remarks>
/// Payload, for every event: varint length of the rest, varint type (index in <see cref="Names"/>), one byte of <see cref="EventFlags"/>,
/// then as flagged: 8-byte time, 8-byte arrival, 8-byte position, varint-prefixed UTF-8 key; then a varint count of fields,
/// each varint name index, kind byte, value (8-byte double; varint-prefixed UTF-8; one byte). Little-endian.
/// </remarks>
[GenerateSerializer, Immutable, Alias("grid.event-batch")]
public sealed class EventBatch
{
    /// <summary>The layout of <see cref="Payload"/>; a reader refuses one it does not know.</summary>
    public const byte CurrentFormat = 1;

    public EventBatch(string[] names, ReadOnlyMemory<byte> payload, int count, byte format = CurrentFormat)
    {
        Names = names;
        Payload = payload;
        Count = count;
        Format = format;
    }

    /// <summary>Event types and field names, in order of first use; never mutated.</summary>
    [Id(0)] public string[] Names { get; }

    [Id(1)] public ReadOnlyMemory<byte> Payload { get; }

    /// <summary>How many events the payload holds.</summary>
    [Id(2)] public int Count { get; }

    [Id(3)] public byte Format { get; }
}
