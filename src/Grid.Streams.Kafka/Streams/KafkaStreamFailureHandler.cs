using Microsoft.Extensions.Logging;
using Orleans.Runtime;
using Orleans.Streams;

namespace Grid.Streams.Kafka;

/// <summary>
/// Sets aside what a consumer could not take for as long as the agent retries. The agent waits for it and passes the record when it returns: so it returns only once the dead letter is acknowledged,
/// or the partition is given up. Until then the stream and the partition's mark stand.
/// </summary>
internal sealed partial class KafkaStreamFailureHandler(KafkaQueueContext context, KafkaTopicOptions topic, int partition, Func<KafkaQueueCache?> cache) : IStreamFailureHandler
{
    private readonly ILogger _logger = context.Logging.CreateLogger<KafkaStreamFailureHandler>();

    public bool ShouldFaultSubsriptionOnError => false;

    public async Task OnDeliveryFailure(GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken? sequenceToken)
    {
        var owner = cache();
        if (sequenceToken is null || owner?.TakeFailure(streamIdentity, sequenceToken) is not { } failure)
        {
            return;
        }

        var letter = new DeadLetter(
            topic.Name,
            partition,
            failure.Record,
            "DeliveryFailed",
            $"a consumer of stream {streamIdentity} failed on it for longer than {context.MaxDeliveryTime}.",
            failure.Attempt,
            subscriptionId.ToString());
        var backoff = context.Options.Reader.MinBackoff;
        while (ReferenceEquals(cache(), owner))
        {
            if (await context.DeadLetters!.WriteAsync(letter, CancellationToken.None) is null)
            {
                return;
            }

            LogWaits(_logger, streamIdentity, topic.Name, partition, failure.Record.Offset);
            await Task.Delay(backoff);
            backoff = backoff * 2 < context.Options.Reader.MaxBackoff ? backoff * 2 : context.Options.Reader.MaxBackoff;
        }
    }

    public Task OnSubscriptionFailure(GuidId subscriptionId, string streamProviderName, StreamId streamIdentity, StreamSequenceToken? sequenceToken)
    {
        LogSubscription(_logger, streamIdentity, subscriptionId);
        return Task.CompletedTask;
    }

    [LoggerMessage(EventId = 5311, Level = LogLevel.Error, Message = "Stream {Stream} waits at {Topic}#{Partition} offset {Offset} until its dead letter can be written")]
    private static partial void LogWaits(ILogger logger, StreamId stream, string topic, int partition, long offset);

    [LoggerMessage(EventId = 5312, Level = LogLevel.Warning, Message = "Stream {Stream}: subscription {Subscription} could not be asked where it stands, going on from the record that woke it")]
    private static partial void LogSubscription(ILogger logger, StreamId stream, GuidId subscription);
}
