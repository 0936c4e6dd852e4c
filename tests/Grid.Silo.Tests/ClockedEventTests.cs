using System.Globalization;
using Grid.Silo.Tests.Support;

namespace Grid.Silo.Tests;

/// <summary>Events against a view that trusts the clock of arrival: too early and too late are set aside and change no feature.</summary>
public sealed class ClockedEventTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private const string Tenant = "/v1/clocked/tenants/t";

    private const string View = """
        view: card
        entity: card
        clock: arrival
        lateness: 1h
        events:
          tap: { card: text }
        features:
          - { name: n, event: tap, aggregate: count, window: 1h }
        """;

    private readonly HttpClient _http = silo.Http;

    [Fact]
    public async Task EventFromTheFuture_IsQuarantined_AndTooLate_IsLate_AndTheOthersCount()
    {
        await HttpCalls.JsonAsync(await _http.SendAsync(HttpMethod.Put, "/v1/clocked/views", View, "application/yaml"));
        var now = DateTimeOffset.UtcNow;
        var answers = (await _http.PostJsonAsync($"{Tenant}/events", Flights.Append(Tap("now", now), Tap("ahead", now.AddDays(1)), Tap("old", now.AddDays(-2))))).GetProperty("answers");
        var digest = await DigestAsync();
        var again = (await _http.PostJsonAsync($"{Tenant}/events", Flights.Append(Tap("ahead-2", now.AddDays(1))))).GetProperty("answers");
        var reading = await _http.GetJsonAsync($"{Tenant}/features/card?entity=c1");

        Assert.Equal(["accepted", "quarantined", "late"], answers.EnumerateArray().Select(static a => a.GetProperty("verdict").GetString()));
        Assert.Contains("clock", answers[1].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Contains("lateness", answers[2].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("quarantined", again[0].GetProperty("verdict").GetString());
        Assert.Equal(1, reading.GetProperty("features")[0].GetProperty("value").GetDouble());
        Assert.NotEmpty(digest);
    }

    private static string Tap(string key, DateTimeOffset time) =>
        Flights.Event(key, """{"card":"c1"}""", time.ToString("O", CultureInfo.InvariantCulture), "tap");

    private async Task<string> DigestAsync() => (await _http.GetJsonAsync($"{Tenant}/shards/0?digest=true")).GetProperty("state_digest").GetString()!;
}
