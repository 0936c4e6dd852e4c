using System.Text.Json;
using Grid.Abstractions;
using Grid.Client.Wire;
using Grid.Silo.Http.Json;
using Grid.Silo.Http.Reading;

namespace Grid.Silo.Tests.Reading;

public sealed class OutcomesReaderTests
{
    [Fact]
    public void WhatTheSdkWrites_IsRead()
    {
        Outcome[] sent = [new("p1", "", "", 0, 1), new(null, "m", "e", 980_935_200_123, 0.5), new("p2", "m", "e", 5, -1)];
        var json = JsonSerializer.Serialize(new OutcomesBody { Outcomes = [.. sent.Select(WireOutcomes.ToBody)] }, WireContext.Default.OutcomesBody);
        Assert.Equal(sent, Refusals.Read(json, Read));
    }

    [Theory]
    [InlineData("""{"value":1}""", "outcomes[0]")]
    [InlineData("""{"model":"m","entity":"e","value":1}""", "outcomes[0]")]
    [InlineData("""{"prediction_id":"p"}""", "outcomes[0].value")]
    [InlineData("""{"prediction_id":"p","value":"1"}""", "outcomes[0].value")]
    [InlineData("""{"prediction_id":"p","value":1,"label":1}""", "outcomes[0].label")]
    public void WrongOutcome_IsNamed(string outcome, string target) => Assert.Equal(target, Refusals.Of($$"""{"outcomes":[{{outcome}}]}""", Read).Target);

    private static List<Outcome> Read(ref JsonCursor cursor) => OutcomesReader.Read(ref cursor, 100);
}
