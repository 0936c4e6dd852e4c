using System.Text.Json;
using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Wire;
using Grid.Primitives;
using Grid.Silo.Http.Json;
using Grid.Silo.Http.Reading;

namespace Grid.Silo.Tests.Reading;

public sealed class AppendReaderTests
{
    [Fact]
    public void WhatTheSdkWrites_IsRead()
    {
        var sent = new GridEvent("tap", DateTimeOffset.FromUnixTimeMilliseconds(980_935_200_123), "k", new Dictionary<string, object?> { ["n"] = 1.5, ["t"] = "ü", ["b"] = true, ["z"] = null });
        var json = JsonSerializer.Serialize(new AppendBody { Events = [WireEvents.ToBody(sent)], Ack = "applied" }, WireContext.Default.AppendBody);
        var command = Refusals.Read(json, Read);

        Assert.Equal(AckMode.Applied, command.Ack);
        var read = Assert.Single(command.Events);
        Assert.Equal((sent.Type, sent.Time, sent.Key), (read.Type, read.Time, read.Key));
        Assert.Equal(sent.Fields, read.Fields);
    }

    [Theory]
    [InlineData("""{"type":"tap","key":"k","fields":{}}""", "time is missing")]
    [InlineData("""{"type":"tap","time":"soon","key":"k"}""", "time is the text \"soon\"; it must be a time")]
    [InlineData("""{"type":"tap","time":[1],"key":"k"}""", "time is an array")]
    [InlineData("""{"type":"tap","time":5}""", "key is missing")]
    [InlineData("""{"type":"tap","time":5,"key":""}""", "key is missing")]
    [InlineData("""{"type":"tap","time":5,"key":7}""", "key is the number 7; it must be a text")]
    [InlineData("""{"time":5,"key":"k"}""", "type is missing")]
    [InlineData("""{"type":"a b","time":5,"key":"k"}""", "type is not a valid name")]
    [InlineData("""{"type":"tap","time":5,"key":"k","fields":{"n":{"deep":[1]}}}""", "fields.n is an object; it must be text, a finite number, true, false or null")]
    [InlineData("""{"type":"tap","time":5,"key":"k","fields":{"n":1e999}}""", "fields.n is the number 1e999")]
    [InlineData("""{"type":"tap","time":5,"key":"k","fields":{"n":1,"n":2}}""", "fields.n is given twice")]
    [InlineData("""{"type":"tap","time":5,"key":"k","fields":[1,2]}""", "fields is an array; it must be an object")]
    [InlineData("""{"type":"tap","time":5,"key":"k","field":{"n":[1]}}""", "field is not known")]
    [InlineData("""["tap"]""", "is an array; an event is an object")]
    [InlineData("null", "is null; an event is an object")]
    public void WrongEvent_IsRefusedByItsField_AndTheOthersAreTaken(string wrong, string reason)
    {
        const string good = """{"type":"tap","time":5,"key":"k1","fields":{"n":1}}""";
        var command = Refusals.Read($$"""{"events":[{{good}},{{wrong}},{{good}}]}""", Read);

        Assert.Equal(2, command.Events.Count);
        var merged = command.Merge([new EventAnswer(EventVerdict.Accepted, null), new EventAnswer(EventVerdict.Duplicate, null)]);
        Assert.Equal([EventVerdict.Accepted, EventVerdict.Refused, EventVerdict.Duplicate], merged.Select(static a => a.Verdict));
        Assert.Contains(reason, merged[1].Reason, StringComparison.Ordinal);
    }

    [Fact]
    public void ReasonOfTheShard_LosesItsOwnCount_SinceTheAnswerStandsInItsPlace()
    {
        var command = Refusals.Read("""{"events":[null,{"type":"tap","time":5,"key":"k"}]}""", Read);
        var merged = command.Merge([new EventAnswer(EventVerdict.Refused, "events[0].n: has another kind.")]);
        Assert.Equal("n: has another kind.", merged[1].Reason);
    }

    [Theory]
    [InlineData("""{}""", "events")]
    [InlineData("""{"events":{}}""", "events")]
    [InlineData("""{"events":[],"ack":"maybe"}""", "ack")]
    [InlineData("""{"events":[],"mode":1}""", "mode")]
    public void WrongBody_IsRefusedAsAWhole(string json, string target) => Assert.Equal(target, Refusals.Of(json, Read).Target);

    [Fact]
    public void MoreEventsThanTheLimit_AreRefusedAsAWhole()
    {
        var error = Refusals.Of("""{"events":[1,2,3,4,5]}""", Read);
        Assert.Equal((GridErrorCode.TooLarge, "events"), (error.Code, error.Target));
        Assert.Contains("more than 4", error.Message, StringComparison.Ordinal);
    }

    private static AppendCommand Read(ref JsonCursor cursor) => AppendReader.Read(ref cursor, 4);
}
