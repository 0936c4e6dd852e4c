using System.Text;
using Confluent.Kafka;
using Grid.Primitives;
using Grid.Streams.Kafka.Tests.Reading;
using Grid.TestKit.Kafka;
using Orleans.Runtime;
using Orleans.Streams;

namespace Grid.Streams.Kafka.Tests.Streams;

/// <summary>The provider in real silos, against brokers of the test's own.</summary>
public sealed class StreamProviderTests : IDisposable
{
    private readonly KafkaFixture _kafka = new();

    public void Dispose() => _kafka.Dispose();

    [Fact]
    public async Task EventsOfManyStreams_ComeInOrderWithTokensAndContext()
    {
        _kafka.Cluster.CreateTopic("orders", 4);
        await using var cluster = await StreamCluster.StartAsync(_kafka, [StreamCluster.Own("orders", 4)]);
        RequestContext.Set("trace", "t-1");
        for (var i = 0; i < 30; i++)
        {
            for (var s = 0; s < 5; s++)
            {
                await cluster.Stream<string>("orders", "s" + s).OnNextAsync($"e{i}");
            }
        }

        await cluster.Stream<string>("orders", "s0").OnNextBatchAsync(["b0", "b1", "b2"]);
        await cluster.Journal.UntilAsync(e => e.Count >= 153);

        for (var s = 0; s < 5; s++)
        {
            var mine = cluster.Journal.Entries.Where(e => e.Stream == "s" + s).ToList();
            Assert.Equal(Enumerable.Range(0, 30).Select(i => $"e{i}"), mine.Take(30).Select(e => e.Text));
            Assert.Equal(mine.OrderBy(e => e.Token).Select(e => e.Text), mine.Select(e => e.Text));
            Assert.All(mine, e => Assert.Equal("t-1", e.Context));
            Assert.All(mine, e => Assert.Equal(KafkaPartitioner.PartitionOf(Encoding.UTF8.GetBytes(e.Stream), 4), Assert.IsType<KafkaSequenceToken>(e.Token).Partition));
        }

        Assert.Equal([0, 1, 2], cluster.Journal.Entries.Where(e => e.Text.StartsWith('b')).Select(e => e.Token!.EventIndex));
    }

    [Fact]
    public async Task BatchObserver_GetsManyEventsInOneCall()
    {
        _kafka.Cluster.CreateTopic("batches", 1);
        await using (var sender = await StreamCluster.StartAsync(_kafka, [StreamCluster.Own("batches")], o => o.Start = KafkaStart.Latest))
        {
            await Task.WhenAll(Enumerable.Range(0, 200).Select(i => sender.Stream<string>("batches", "k").OnNextAsync($"e{i}")));
        }

        await using var cluster = await StreamCluster.StartAsync(_kafka, [StreamCluster.Own("batches")], o => (o.Start, o.MaxDeliveryRecords) = (KafkaStart.Earliest, 50));
        await cluster.Journal.UntilAsync(e => e.Count >= 200);
        Assert.Equal(200, cluster.Journal.Distinct("k").Count);
        Assert.Equal(50, cluster.Journal.Entries.Max(e => e.Batch));
    }

    [Fact]
    public async Task Shutdown_CommitsTheProgressAndTheNextClusterGoesOnThere()
    {
        _kafka.Cluster.CreateTopic("orders", 1);
        await using (var first = await StreamCluster.StartAsync(_kafka, [StreamCluster.Own("orders")], o => o.Reader.CommitInterval = TimeSpan.FromHours(1)))
        {
            await first.SendAsync("k", 0, 20);
            await first.Journal.UntilAsync(e => e.Count >= 20);
            await first.Cluster.StopAllSilosAsync();
        }

        Assert.Equal(20, await StreamCluster.CommittedAsync(_kafka, "orders"));
        await using var second = await StreamCluster.StartAsync(_kafka, [StreamCluster.Own("orders")]);
        await second.SendAsync("k", 20, 5);
        await second.Journal.UntilAsync(e => e.Count >= 5);
        Assert.Equal(Enumerable.Range(20, 5).Select(i => $"e{i}"), second.Journal.Entries.Select(e => e.Text));
    }

    [Fact]
    public async Task RecordThatAConsumerFailsOn_IsSetAsideAloneAndTheProgressPassesIt()
    {
        _kafka.Cluster.CreateTopic("orders", 1);
        _kafka.Cluster.CreateTopic("dead", 1);
        await using var cluster = await StreamCluster.StartAsync(_kafka, [StreamCluster.Own("orders")], o => o.DeadLetters = new DeadLetterOptions { Topic = "dead" }, maxDeliveryTime: TimeSpan.FromMilliseconds(200));
        cluster.Journal.Fails = (_, text) => text is "e3" or "e0";
        await Task.WhenAll(Enumerable.Range(0, 8).Select(i => cluster.Stream<string>("orders", "k").OnNextAsync($"e{i}")));

        await cluster.Journal.UntilAsync(e => e.Any(x => x.Text == "e7"));

        Assert.Equal(["e1", "e2", "e4", "e5", "e6", "e7"], cluster.Journal.Distinct("k").Order());
        await using var dead = _kafka.Reader("dead");
        dead.Start(KafkaStart.Earliest);
        var letters = await dead.RecordsAsync(2);
        Assert.Equal(["0", "3"], letters.Select(l => Header(l, DeadLetterHeaders.Offset)));
        Assert.All(letters, l => Assert.Equal(("orders", "DeliveryFailed"), (Header(l, DeadLetterHeaders.Topic), Header(l, DeadLetterHeaders.Reason))));
        await cluster.Cluster.StopAllSilosAsync();
        Assert.Equal(8, await StreamCluster.CommittedAsync(_kafka, "orders"));
    }

    [Fact]
    public async Task DeadLettersThatCannotBeWritten_HoldTheStreamAndTheProgress()
    {
        _kafka.Cluster.CreateTopic("orders", 1);
        _kafka.Cluster.CreateTopic("dead", 1);
        await using var cluster = await StreamCluster.StartAsync(
            _kafka,
            [StreamCluster.Own("orders")],
            o => o.DeadLetters = new DeadLetterOptions { Topic = "dead", Timeout = TimeSpan.FromSeconds(5) },
            maxDeliveryTime: TimeSpan.FromMilliseconds(200));
        var isBroken = true;
        cluster.Journal.Fails = (_, text) =>
        {
            if (text == "e1" && isBroken)
            {
                isBroken = false;
                _kafka.Cluster.FailNext(KafkaApi.Produce, [.. Enumerable.Repeat(ErrorCode.TopicAuthorizationFailed, 3)]);
            }

            return text == "e1";
        };
        await cluster.Stream<string>("orders", "k").OnNextBatchAsync(["e0"]);
        await cluster.Stream<string>("orders", "k").OnNextBatchAsync(["e1"]);

        Assert.Contains("offset 1", await cluster.Logs.LineAsync(5311), StringComparison.Ordinal);
        await cluster.Logs.LineAsync(5201);

        await cluster.Stream<string>("orders", "k").OnNextAsync("e2");
        await cluster.Journal.UntilAsync(e => e.Any(x => x.Text == "e2"));
        Assert.Equal(["e0", "e2"], cluster.Journal.Distinct("k"));
    }

    [Fact]
    public async Task PoisonAmongForeignRecords_IsSetAsideAndItsNeighboursCome()
    {
        _kafka.Cluster.CreateTopic("foreign", 1);
        _kafka.Cluster.CreateTopic("dead", 1);
        Message<byte[]?, byte[]?> Json(string? key, string? value) => new() { Key = key is null ? null : Encoding.UTF8.GetBytes(key), Value = value is null ? null : Encoding.UTF8.GetBytes(value), Headers = [new Header("trace", "h"u8.ToArray())] };
        await _kafka.ProduceAsync("foreign", 0, [
            Json("k", "poison"),
            Json("k", """{"id":"a","amount":1}"""),
            Json("k", """{"id":"""),
            Json(null, """{"id":"lost","amount":1}"""),
            Json("k", null),
            Json("k", """{"id":"b","amount":2}"""),
        ]);
        await using var cluster = await StreamCluster.StartAsync(
            _kafka,
            [new KafkaTopicOptions { Name = "foreign", Partitions = 1, External = new JsonRecordFormat<Order>() }],
            o => o.DeadLetters = new DeadLetterOptions { Topic = "dead" });

        await cluster.Journal.UntilAsync(e => e.Count >= 2);

        Assert.Equal(["a", "b"], cluster.Journal.Entries.Select(e => e.Text));
        Assert.All(cluster.Journal.Entries, e => Assert.Equal("h", e.Context));
        await using var dead = _kafka.Reader("dead");
        dead.Start(KafkaStart.Earliest);
        var letters = await dead.RecordsAsync(4);
        Assert.Equal(["0 Malformed", "2 Malformed", "3 MissingKey", "4 NullValue"], letters.Select(l => $"{Header(l, DeadLetterHeaders.Offset)} {Header(l, DeadLetterHeaders.Reason)}").Order());

        await cluster.Stream<Order>("foreign", "k").OnNextAsync(new Order("c", 3));
        await cluster.Journal.UntilAsync(e => e.Count >= 3);
        var refused = await Assert.ThrowsAsync<GridException>(() => cluster.Stream<string>("foreign", "other").OnNextAsync("text"));
        Assert.Equal(GridErrorCode.InvalidArgument, refused.Code);
    }

    [Fact]
    public async Task PoisonWithoutDeadLetters_HoldsThePartitionAndSaysWhy()
    {
        _kafka.Cluster.CreateTopic("orders", 1);
        await _kafka.ProduceAsync("orders", 0, [new() { Key = [1], Value = [99, 1, 2] }]);
        await using var cluster = await StreamCluster.StartAsync(_kafka, [StreamCluster.Own("orders")]);

        var line = await cluster.Logs.LineAsync(5302);

        Assert.Contains("orders#0", line, StringComparison.Ordinal);
        Assert.Contains("SchemaMismatch", line, StringComparison.Ordinal);
        await cluster.SendAsync("k", 0, 1);
        await cluster.Cluster.StopAllSilosAsync();
        Assert.Empty(cluster.Journal.Entries);
        Assert.Equal(0, await StreamCluster.CommittedAsync(_kafka, "orders"));
    }

    [Fact]
    public async Task BrokersAwayAtTheStart_SilosStartAndEventsFlowLater()
    {
        _kafka.Cluster.CreateTopic("orders", 2);
        _kafka.Cluster.Down();
        await using var cluster = await StreamCluster.StartAsync(_kafka, [StreamCluster.Own("orders", 2)]);
        var sent = cluster.Stream<string>("orders", "k").OnNextAsync("early");
        Assert.Empty(cluster.Journal.Entries);

        _kafka.Cluster.Up();

        await sent.WaitAsync(KafkaFixture.Patience);
        await cluster.Journal.UntilAsync(e => e.Count >= 1);
    }

    [Fact]
    public async Task OtherNumberOfPartitionsThanDeclared_IsReported()
    {
        _kafka.Cluster.CreateTopic("orders", 3);
        await using var cluster = await StreamCluster.StartAsync(_kafka, [StreamCluster.Own("orders", 2)]);
        await cluster.SendAsync("k", 0, 1);
        Assert.Contains("has 3 partitions and 2 are declared", await cluster.Logs.LineAsync(5301), StringComparison.Ordinal);
    }

    [Fact]
    public async Task ProgressBelowWhatTheBrokersKeep_StopsThePartitionAndSaysSo()
    {
        _kafka.Cluster.CreateTopic("orders", 1);
        await _kafka.ProduceNumbersAsync("orders", 0, 10);
        _kafka.Cluster.DeleteRecords("orders", 0, 8);
        await using var cluster = await StreamCluster.StartAsync(_kafka, [StreamCluster.Own("orders")], o => o.Start = KafkaStart.At(3));
        Assert.Contains("offset 3 is below the first that the broker keeps, 8", await cluster.Logs.LineAsync(5303), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UndeclaredNamespaceAndOwnTokens_AreRefusedByName()
    {
        _kafka.Cluster.CreateTopic("orders", 1);
        await using var cluster = await StreamCluster.StartAsync(_kafka, [StreamCluster.Own("orders")]);
        var unknown = await Assert.ThrowsAsync<GridException>(() => cluster.Stream<string>("nowhere", "k").OnNextAsync("x"));
        Assert.Contains("nowhere", unknown.Message, StringComparison.Ordinal);
        var token = await Assert.ThrowsAsync<GridException>(() => cluster.Stream<string>("orders", "k").OnNextAsync("x", new KafkaSequenceToken(0, 1)));
        Assert.Equal(GridErrorCode.Unsupported, token.Code);
    }

    [Theory]
    [InlineData(false)] // Most likely still in the cache.
    [InlineData(true)] // Read again from the brokers.
    public async Task SubscriptionFromAnOldToken_GetsTheStreamAgainFromThere(bool hasLeftTheCache)
    {
        _kafka.Cluster.CreateTopic("plain", 1);
        await using var cluster = await StreamCluster.StartAsync(_kafka, [StreamCluster.Own("plain")], o => o.MaxDeliveryRecords = 4);
        var live = new Journal();
        await cluster.Stream<string>("plain", "k").SubscribeAsync((text, token) => Take(live, text, token));
        for (var i = 0; i < 30; i++)
        {
            await cluster.Stream<string>("plain", "k").OnNextAsync($"e{i}");
            await cluster.Stream<string>("plain", "other").OnNextAsync($"o{i}");
        }

        await live.UntilAsync(e => e.Count >= 30);
        var from = live.Entries.First(e => e.Text == "e10").Token;
        var again = new Journal();
        if (hasLeftTheCache)
        {
            await StreamCluster.UntilCommittedAsync(_kafka, "plain", 60);
        }

        await cluster.Stream<string>("plain", "k").SubscribeAsync((text, token) => Take(again, text, token), Assert.IsType<KafkaSequenceToken>(from));
        await cluster.Stream<string>("plain", "k").OnNextAsync("e30");

        await again.UntilAsync(e => e.Count >= 21);
        await live.UntilAsync(e => e.Any(x => x.Text == "e30"));
        if (hasLeftTheCache)
        {
            Assert.Contains("plain#0 is read again from offset 20 to 60", await cluster.Logs.LineAsync(5321), StringComparison.Ordinal);
        }

        Assert.Equal(Enumerable.Range(10, 21).Select(i => $"e{i}"), again.Entries.Select(e => e.Text));
        Assert.Equal(Enumerable.Range(0, 31).Select(i => $"e{i}"), live.Distinct("k"));

        static Task Take(Journal journal, string text, StreamSequenceToken? token)
        {
            journal.Take("k", text, token);
            return Task.CompletedTask;
        }
    }

    [Fact]
    public async Task SiloKilledInMidStream_NothingIsLost()
    {
        _kafka.Cluster.CreateTopic("orders", 4);
        await using var cluster = await StreamCluster.StartAsync(_kafka, [StreamCluster.Own("orders", 4)], silos: 2);
        await cluster.SendToManyAsync(0, 20);
        await cluster.Journal.UntilAsync(e => e.Count >= 40);

        await cluster.Cluster.KillSiloAsync(cluster.Cluster.Silos[1]);
        await cluster.SendToManyAsync(20, 20);

        await cluster.UntilAllCameAsync(40);
    }

    [Fact]
    public async Task SiloThatJoins_TakesPartitionsOverWithoutAGap()
    {
        _kafka.Cluster.CreateTopic("orders", 4);
        await using var cluster = await StreamCluster.StartAsync(_kafka, [StreamCluster.Own("orders", 4)]);
        await cluster.SendToManyAsync(0, 20);

        await cluster.Cluster.StartAdditionalSiloAsync();
        await cluster.SendToManyAsync(20, 20);

        await cluster.UntilAllCameAsync(40);
    }

    private static string? Header(KafkaRecord record, string name) => record.TryGetHeader(name, out var value) ? Encoding.UTF8.GetString(value.Span) : null;
}
