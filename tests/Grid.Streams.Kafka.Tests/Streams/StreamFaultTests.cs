using Confluent.Kafka;
using Grid.TestKit.Kafka;

namespace Grid.Streams.Kafka.Tests.Streams;

/// <summary>Streams while brokers fail and consumers stall.</summary>
public sealed class StreamFaultTests : IDisposable
{
    private readonly KafkaFixture _kafka = new();

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task BrokerErrorsAndDowntime_EachStreamComesWholeAndInOrder()
    {
        _kafka.Cluster.CreateTopic("orders", 4);
        await using var cluster = await StreamCluster.StartAsync(_kafka, [StreamCluster.Own("orders", 4)], silos: 2);
        await cluster.SendToManyAsync(0, 10);
        await cluster.Journal.UntilAsync(e => e.Count >= 40);

        _kafka.Cluster.FailNext(KafkaApi.Fetch, ErrorCode.NotLeaderForPartition, ErrorCode.Local_Transport, ErrorCode.Unknown, ErrorCode.TopicAuthorizationFailed);
        _kafka.Cluster.FailNext(KafkaApi.Produce, ErrorCode.NotEnoughReplicas, ErrorCode.Local_Transport, ErrorCode.NotLeaderForPartition);
        _kafka.Cluster.FailNext(KafkaApi.OffsetCommit, ErrorCode.NotCoordinatorForGroup, ErrorCode.GroupAuthorizationFailed);
        await cluster.SendToManyAsync(10, 10);
        _kafka.Cluster.Down();
        var pending = cluster.SendToManyAsync(20, 10);
        await cluster.Logs.LineAsync(5102);
        _kafka.Cluster.Up();
        await pending;
        await cluster.SendToManyAsync(30, 10);

        await cluster.UntilAllCameAsync(40);
    }

    [Fact]
    public async Task Progress_IsCommittedInBetweenAndNeverPassesWhatIsUnderWay()
    {
        _kafka.Cluster.CreateTopic("orders", 1);
        await using var cluster = await StreamCluster.StartAsync(_kafka, [StreamCluster.Own("orders")], o => o.MaxDeliveryRecords = 1);
        var gate = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        cluster.Journal.Gate = text =>
        {
            if (text != "e5")
            {
                return Task.CompletedTask;
            }

            reached.TrySetResult();
            return gate.Task;
        };

        // Another stream of the partition goes on past the one that stalls, and the progress does not.
        await cluster.SendAsync("k", 0, 10);
        await cluster.SendAsync("other", 100, 10);
        await reached.Task.WaitAsync(KafkaFixture.Patience);
        await cluster.Journal.UntilAsync(e => e.Count >= 15);
        await StreamCluster.UntilCommittedAsync(_kafka, "orders", 5);

        gate.SetResult();
        await StreamCluster.UntilCommittedAsync(_kafka, "orders", 20);
        Assert.Equal(Enumerable.Range(0, 10).Select(i => $"e{i}"), cluster.Journal.Distinct("k"));
    }
}
