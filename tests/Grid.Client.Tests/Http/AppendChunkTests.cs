using System.Text.Json;
using Grid.Abstractions;
using Grid.Client.Http;
using Grid.Client.Tests.Support;
using Grid.Client.Wire;

namespace Grid.Client.Tests.Http;

public sealed class AppendChunkTests
{
    private static readonly GridClientOptions Options = new() { AppendChunkEvents = 10, AppendChunkBytes = 2048 };

    [Fact]
    public void Chunks_HoldEveryEventInOrder_WithinBothBounds()
    {
        var events = Enumerable.Range(0, 57).Select(static i => Event($"k{i}", new string('x', i % 5 * 80))).ToArray();
        var chunks = AppendChunks.Make(events, AckMode.Applied, Options);
        var keys = new List<string?>();
        foreach (var chunk in chunks)
        {
            var body = JsonSerializer.Deserialize(chunk.Json.Span, WireContext.Default.AppendBody)!;
            Assert.Equal("applied", body.Ack);
            Assert.Equal(chunk.Count, body.Events.Count);
            Assert.InRange(chunk.Count, 1, 10);
            Assert.InRange(chunk.Json.Length, 1, 2048 + 64);
            keys.AddRange(body.Events.Select(static e => e.Key));
        }

        Assert.Equal(events.Select(static e => e.Key), keys);
    }

    [Fact]
    public void EventOverTheByteBound_GoesAlone()
    {
        var chunks = AppendChunks.Make([Event("a", ""), Event("b", new string('x', 5000)), Event("c", "")], AckMode.Durable, Options);
        Assert.Equal([1, 1, 1], chunks.Select(static c => c.Count));
    }

    [Fact]
    public async Task LargeAppend_IsAnsweredAsOne()
    {
        var (client, wire, _) = Clients.Make(
            static r =>
            {
                var body = JsonSerializer.Deserialize(r.Body, WireContext.Default.AppendBody)!;
                var answer = new AppendAnswerBody { Answers = [.. body.Events.Select(static e => new EventAnswerBody { Verdict = "accepted", Reason = e.Key })] };
                return WireStub.Json(JsonSerializer.Serialize(answer, WireContext.Default.AppendAnswerBody));
            },
            static o => o.AppendChunkEvents = 7);
        using (client)
        {
            var answers = await client.AppendAsync("t", [.. Enumerable.Range(0, 20).Select(static i => Event($"k{i}", ""))]);
            Assert.Equal(Enumerable.Range(0, 20).Select(static i => $"k{i}"), answers.Select(static a => a.Reason));
        }

        Assert.Equal(3, wire.Requests.Count);
    }

    [Fact]
    public async Task AnswerOfAWrongLength_IsNotTakenForOne()
    {
        var (client, _, _) = Clients.Make(static _ => WireStub.Json("""{"answers":[]}"""));
        using (client)
        {
            var failure = await Clients.FailsAsync(client.AppendAsync("t", [Event("k", "")]));
            Assert.Contains("0 answers for 1", failure.Error.Message, StringComparison.Ordinal);
        }
    }

    private static GridEvent Event(string key, string text) =>
        new("tap", DateTimeOffset.UnixEpoch, key, new Dictionary<string, object?> { ["text"] = text });
}
