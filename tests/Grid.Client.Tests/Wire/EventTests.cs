using System.Text.Json;
using Grid.Abstractions;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Client.Tests.Wire;

public sealed class EventTests
{
    [Fact]
    public void Delivery_KeepsEverythingThatItsEventsCarry()
    {
        var batch = new EventBatchBuilder()
            .Begin("tap").Time(980_935_200_123).Arrival(980_935_200_456).Position(7).Key("k").Field("n", 1.5).Field("text", "ü\"").Field("flag", true).FieldNull("none").End()
            .Begin("tap").Position(9).End()
            .Build();
        var body = WireEvents.ToBody(new SourceDelivery("feed", "3", 12, 6, true, batch));

        Assert.Equal(
            """{"feed":"feed","partition":"3","reader_epoch":12,"previous":6,"from_frontier":true,"events":[{"type":"tap","time":"2001-01-31T10:00:00.123Z","arrival":"2001-01-31T10:00:00.456Z","position":7,"key":"k","fields":{"n":1.5,"text":"\u00FC\u0022","flag":true,"none":null}},{"type":"tap","position":9,"fields":{}}]}""",
            JsonSerializer.Serialize(body, WireContext.Default.DeliveryBody));
    }

    [Fact]
    public void Delivery_WithoutAPosition_OrWithANumberThatIsNotFinite_IsRefusedByPlace()
    {
        var unplaced = new EventBatchBuilder().Begin("tap").Position(1).End().Begin("tap").End().Build();
        Assert.Equal("events[1].position", Refused(unplaced));
        var infinite = new EventBatchBuilder().Begin("tap").Position(1).Field("n", double.PositiveInfinity).End().Build();
        Assert.Equal("events[0].fields.n", Refused(infinite));
    }

    [Fact]
    public void FieldOfAnyNumberType_IsANumber()
    {
        Dictionary<string, object?> fields = new()
        {
            ["byte"] = (byte)1, ["short"] = (short)2, ["int"] = 3, ["long"] = 4L, ["float"] = 5.5f, ["double"] = 6.5, ["decimal"] = 7.5m, ["text"] = "8", ["bool"] = false, ["null"] = null,
        };
        var body = WireEvents.ToBody(new GridEvent("tap", DateTimeOffset.UnixEpoch, "k", fields));
        Assert.Equal(
            """{"byte":1,"short":2,"int":3,"long":4,"float":5.5,"double":6.5,"decimal":7.5,"text":"8","bool":false,"null":null}""",
            JsonSerializer.Serialize(body.Fields));
    }

    [Fact]
    public void FieldOfAnotherType_IsRefusedByNameAndType()
    {
        var failure = Assert.Throws<GridException>(static () => WireEvents.ToBody(new GridEvent("tap", DateTimeOffset.UnixEpoch, "k", new Dictionary<string, object?> { ["when"] = DateTime.UnixEpoch })));
        Assert.Equal("event 'k', field 'when'", failure.Error.Target);
        Assert.Contains("DateTime", failure.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void EveryVerdictAndStatus_ReadsBack()
    {
        foreach (var verdict in Enum.GetValues<EventVerdict>())
        {
            var answer = new EventAnswer(verdict, "why");
            Assert.Equal(answer, WireEvents.FromBody(WireEvents.ToBody(answer)));
        }

        foreach (var status in Enum.GetValues<DeliveryStatus>())
        {
            var answer = new DeliveryAnswer(status, 5, 4, GridError.Overloaded("x", "is full.", "Wait.", 10));
            Assert.Equal(answer, WireEvents.FromBody(WireEvents.ToBody(answer)));
        }

        Assert.Throws<GridException>(static () => WireEvents.FromBody(new EventAnswerBody { Verdict = "novel" }));
    }

    private static string Refused(EventBatch batch) =>
        Assert.Throws<GridException>(() => WireEvents.ToBody(new SourceDelivery("f", "0", 1, -1, false, batch))).Error.Target;
}
