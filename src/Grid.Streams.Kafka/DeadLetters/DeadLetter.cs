namespace Grid.Streams.Kafka;

/// <summary>A record that is set aside, with all that is needed to look into it and to send it again.</summary>
/// <param name="Topic">Where it comes from.</param>
/// <param name="Partition">Where it comes from.</param>
/// <param name="Record">Key, value and headers go on unchanged.</param>
/// <param name="Reason">A name from a small set; a tag of the metrics.</param>
/// <param name="Text">One sentence for people.</param>
/// <param name="Attempt">How many times it was tried; 1 where trying again makes no sense.</param>
/// <param name="Subscription">For streams: the subscription that could not take it.</param>
public sealed record DeadLetter(string Topic, int Partition, KafkaRecord Record, string Reason, string Text, int Attempt = 1, string? Subscription = null)
{
    /// <summary>For a record that could not be decoded.</summary>
    public static DeadLetter Of(string topic, int partition, in KafkaRecord record, RecordFault fault) => new(topic, partition, record, fault.Reason.ToString(), fault.Text);
}
