namespace Grid.Streams.Kafka;

/// <summary>Ends the decoding of one record from wherever it is; never leaves <see cref="RecordDecoder"/>.</summary>
#pragma warning disable CA1032 // Thrown in this project only, always with a reason.
internal sealed class RecordFormatException(RecordFaultReason reason, string text) : Exception(text)
#pragma warning restore CA1032
{
    public RecordFault Fault { get; } = new(reason, text);

    public static RecordFormatException Malformed(string text) => new(RecordFaultReason.Malformed, text);
}
