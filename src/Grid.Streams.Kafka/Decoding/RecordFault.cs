namespace Grid.Streams.Kafka;

/// <summary>What is wrong with one record.</summary>
/// <param name="Reason">The class of the fault.</param>
/// <param name="Text">One sentence for people; holds no payload beyond the name or the number to blame.</param>
public sealed record RecordFault(RecordFaultReason Reason, string Text);
