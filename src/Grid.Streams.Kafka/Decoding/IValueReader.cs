namespace Grid.Streams.Kafka;

/// <summary>Walks a value of one format and stages the fields that the tree of paths wants. Not thread-safe.</summary>
internal interface IValueReader
{
    /// <exception cref="RecordFormatException">The value breaks the format.</exception>
    void Read(ReadOnlySpan<byte> value, PathNode root, FieldStage stage);
}
