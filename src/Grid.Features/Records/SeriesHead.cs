namespace Grid.Features.Records;

/// <summary>The head of a series in a record: 4 bytes oldest chunk, 4 newest chunk, 4 tiles, 4 entries in chunks, 8 greatest event time that was dropped.</summary>
internal static class SeriesHead
{
    public static ref uint First(Span<byte> head) => ref RecordLayout.At<uint>(head, 0);

    public static ref uint Last(Span<byte> head) => ref RecordLayout.At<uint>(head, 4);

    public static ref uint Tiles(Span<byte> head) => ref RecordLayout.At<uint>(head, 8);

    public static ref int Count(Span<byte> head) => ref RecordLayout.At<int>(head, 12);

    public static ref long Lost(Span<byte> head) => ref RecordLayout.At<long>(head, 16);
}
