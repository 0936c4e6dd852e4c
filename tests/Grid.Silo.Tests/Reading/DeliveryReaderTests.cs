using System.Text.Json;
using Grid.Abstractions;
using Grid.Client.Wire;
using Grid.Primitives;
using Grid.Silo.Http.Json;
using Grid.Silo.Http.Reading;

namespace Grid.Silo.Tests.Reading;

public sealed class DeliveryReaderTests
{
    [Fact]
    public void WhatTheSdkWrites_IsReadToTheByte()
    {
        var events = new EventBatchBuilder()
            .Begin("tap").Time(980_935_200_123).Arrival(980_935_200_456).Position(7).Key("k").Field("n", 1.5).Field("t", "ü").Field("b", true).FieldNull("z").End()
            .Begin("other").Position(9).Field("n", double.MaxValue).End()
            .Build();
        var sent = new SourceDelivery("f", "3", 12, 6, true, events);
        var read = Refusals.Read(JsonSerializer.Serialize(WireEvents.ToBody(sent), WireContext.Default.DeliveryBody), Read);

        Assert.Equal((sent.Feed, sent.Partition, sent.ReaderEpoch, sent.Previous, sent.FromFrontier), (read.Feed, read.Partition, read.ReaderEpoch, read.Previous, read.FromFrontier));
        Assert.Equal(events.Names, read.Events.Names);
        Assert.Equal(events.Payload.ToArray(), read.Events.Payload.ToArray());
        Assert.Equal(2, read.Events.Count);
    }

    [Theory]
    [InlineData("""[{"type":"tap"}]""", "events[0].position")]
    [InlineData("""[{"type":"tap","position":-1}]""", "events[0].position")]
    [InlineData("""[{"type":"tap","position":3},{"type":"tap","position":3}]""", "events[1].position")]
    [InlineData("""[{"type":"tap","position":3},{"position":4}]""", "events[1].type")]
    [InlineData("""[{"type":"tap","position":3,"time":"x"}]""", "events[0].time")]
    [InlineData("""[{"type":"tap","position":3,"fields":{"a":1,"b":{}}}]""", "events[0].fields.b")]
    [InlineData("""[{"type":"tap","position":3,"fields":{"a":1,"a":2}}]""", "events[0].fields.a")]
    [InlineData("""[{"type":"tap","position":3,"offset":1}]""", "events[0].offset")]
    [InlineData("""[1]""", "events[0]")]
    [InlineData("""7""", "events")]
    public void WrongEvent_RefusesTheDeliveryByPath(string events, string target) =>
        Assert.Equal(target, Refusals.Of($$"""{"feed":"f","partition":"0","reader_epoch":1,"previous":-1,"events":{{events}}}""", Read).Target);

    [Theory]
    [InlineData("feed")]
    [InlineData("partition")]
    [InlineData("reader_epoch")]
    [InlineData("previous")]
    [InlineData("events")]
    public void MissingMember_IsNamed(string member)
    {
        var members = new Dictionary<string, string> { ["feed"] = "\"f\"", ["partition"] = "\"0\"", ["reader_epoch"] = "1", ["previous"] = "-1", ["events"] = "[]" };
        members.Remove(member);
        var error = Refusals.Of($"{{{string.Join(',', members.Select(static m => $"\"{m.Key}\":{m.Value}"))}}}", Read);
        Assert.Equal(member, error.Target);
        Assert.Equal("is missing.", error.Message);
    }

    private static SourceDelivery Read(ref JsonCursor cursor) => DeliveryReader.Read(ref cursor, 100);
}
