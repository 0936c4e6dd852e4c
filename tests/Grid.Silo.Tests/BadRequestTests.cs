using Grid.Silo.Tests.Support;

namespace Grid.Silo.Tests;

/// <summary>Requests that name what is not there or say what cannot be: refused by name with a fix, nothing changed, others served.</summary>
public sealed class BadRequestTests(StrictSiloFixture silo) : IClassFixture<StrictSiloFixture>, IAsyncLifetime
{
    private const string Tenant = $"{Flights.Root}/tenants/known";

    private readonly HttpClient _http = silo.Http;
    private string _before = "";

    public async ValueTask InitializeAsync()
    {
        using var created = await _http.SendAsync(HttpMethod.Put, Tenant, """{"shards":1}""");
        await _http.PostJsonAsync($"{Tenant}/events", Flights.Append(Flights.Event("first")));
        _before = await StateAsync();
    }

    /// <summary>Whatever a test sent: the state is as before and a good request is answered.</summary>
    public async ValueTask DisposeAsync()
    {
        Assert.Equal(_before, await StateAsync());
        var answer = await _http.PostJsonAsync($"{Tenant}/predict/{Flights.Model}", Flights.Predict);
        Assert.Equal("2", answer.GetProperty("version").GetString());
        GC.SuppressFinalize(this);
    }

    [Fact]
    public async Task UnknownModel_IsNamedAndTheKnownOnesAreListed() =>
        (await _http.RefusedAsync(HttpMethod.Post, $"{Tenant}/predict/no-model", Flights.Predict)).Says(404, "model 'no-model'", "is not in workspace", Flights.Model);

    [Theory]
    [InlineData("GET", "models/no-model", null)]
    [InlineData("POST", "models/no-model/live", """{"version":"1"}""")]
    public async Task UnknownModel_OfTheCatalogue_IsNamed(string method, string path, string? body) =>
        (await _http.RefusedAsync(new HttpMethod(method), $"{Flights.Root}/{path}", body)).Says(404, "model 'no-model'", "is not in workspace", Flights.Model);

    [Theory]
    [InlineData("GET", "models/flights-late/versions/9", null)]
    [InlineData("DELETE", "models/flights-late/versions/9", null)]
    [InlineData("POST", "models/flights-late/live", """{"version":"9"}""")]
    [InlineData("POST", "tenants/known/predict/flights-late", """{"entity":"BOS","version":"9","values":{"local_hour":12,"dow":3,"distance":100,"block_min":60}}""")]
    public async Task UnknownVersion_IsNamedAndTheKnownOnesAreListed(string method, string path, string? body) =>
        (await _http.RefusedAsync(new HttpMethod(method), $"{Flights.Root}/{path}", body)).Says(404, "version '9' of model 'flights-late'", "is not registered", "1, 2");

    [Fact]
    public async Task UnknownView_IsNamedAndTheKnownOnesAreListed() =>
        (await _http.RefusedAsync(HttpMethod.Get, $"{Tenant}/features/no_view")).Says(404, "view 'no_view'", "is not in workspace", "origin");

    [Fact]
    public async Task UnknownFeature_IsNamed() =>
        (await _http.RefusedAsync(HttpMethod.Get, $"{Tenant}/features/origin?features=n_1h,no_feature")).Says(404, "view 'origin'", "no_feature", "");

    [Fact]
    public async Task UnknownEntity_IsNamedWithItsViewAndTenant() =>
        (await _http.RefusedAsync(HttpMethod.Get, $"{Tenant}/features/route?entity=NOWHERE")).Says(404, "entity 'NOWHERE'", "view 'route' of tenant 'known'", "Check the key");

    [Theory]
    [InlineData("POST", "predict/flights-late", Flights.Predict)]
    [InlineData("POST", "events", """{"events":[{"type":"arrival","time":"2001-01-10T11:30:00Z","key":"k","fields":{"dest":"BOS"}}]}""")]
    [InlineData("GET", "features/origin", null)]
    [InlineData("GET", "", null)]
    [InlineData("GET", "shards/0", null)]
    [InlineData("POST", "shards/0/flush", null)]
    [InlineData("GET", "shards/0/marks?feed=f&partition=p", null)]
    public async Task UnknownTenant_IsNamedAndNotMade(string method, string path, string? body)
    {
        (await _http.RefusedAsync(new HttpMethod(method), $"{Flights.Root}/tenants/stranger/{path}".TrimEnd('/'), body)).Says(404, "tenant 'stranger'", "is not in workspace", "grid tenants create stranger");
        Assert.DoesNotContain("stranger", (await _http.GetJsonAsync($"{Flights.Root}/tenants")).ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task UnknownTenant_OfPredictMany_IsNamed() =>
        (await _http.RefusedAsync(HttpMethod.Post, $"{Flights.Root}/tenants/stranger/predict-many/{Flights.Model}", """{"items":[{"entity":"BOS"}]}""")).Says(404, "tenant 'stranger'", "is not in workspace", "grid tenants create stranger");

    [Theory]
    [InlineData("shards/1", 404, "shard 1 of tenant 'known'")]
    [InlineData("shards/x", 400, "shard 'x'")]
    [InlineData("shards/-1", 400, "shard '-1'")]
    public async Task UnknownShard_IsNamed(string path, int status, string target) =>
        (await _http.RefusedAsync(HttpMethod.Get, $"{Tenant}/{path}")).Says(status, target, "");

    [Theory]
    [InlineData("""{"entity":"BOS","values":{"dow":3,"distance":100,"block_min":60}}""", "local_hour", "is missing", "Send it")]
    [InlineData("""{"entity":"BOS","values":{"local_hour":12,"dow":3,"distance":100,"block_min":60,"colour":1}}""", "values.colour", "is not a value that version '2' takes", "local_hour")]
    [InlineData("""{"entity":"BOS","values":{"local_hour":"NaN","dow":3,"distance":100,"block_min":60}}""", "values.local_hour", "must be", null)]
    [InlineData("""{"entity":"BOS","values":{"local_hour":1e999,"dow":3,"distance":100,"block_min":60}}""", "values.local_hour", "must be", null)]
    [InlineData("""{"entity":"BOS","values":{"local_hour":null,"dow":3,"distance":100,"block_min":60}}""", "values.local_hour", "must be", null)]
    [InlineData("""{"entity":"BOS","values":{"dow":3,"dow":4}}""", "values.dow", "given twice", "once")]
    [InlineData("""{"values":{"dow":3}}""", "entity", "is missing", "Add")]
    [InlineData("""{"entity":7}""", "entity", "is the number 7", null)]
    [InlineData("""{"entity":"BOS","values":[1]}""", "values", "is an array", null)]
    [InlineData("""{"entity":"BOS","colour":1}""", "colour", "is not known here", "entity, values")]
    [InlineData("""{"entity":"BOS","as_of":"yesterday"}""", "as_of", "yesterday", null)]
    [InlineData("""{"entity":"BOS","deadline_ms":0}""", "deadline_ms", "0", null)]
    [InlineData("""{"entity":"BOS","version":"../1"}""", "version", "", null)]
    [InlineData("[]", "body", "is an array", null)]
    [InlineData("", "body", "is empty", "")]
    [InlineData("""{"entity":"BOS" "values":{}}""", "body", "is not valid JSON at line 1, position", "JSON object")]
    [InlineData("""{"entity":"BOS"} extra""", "body", "is not valid JSON at line 1", "JSON object")]
    public async Task PredictBody_ThatIsWrong_NamesItsMember(string body, string target, string message, string? fix) =>
        (await _http.RefusedAsync(HttpMethod.Post, $"{Tenant}/predict/{Flights.Model}", body)).Says(400, target, message, fix);

    [Fact]
    public async Task MalformedNaN_OfJson_IsRefused() =>
        (await _http.RefusedAsync(HttpMethod.Post, $"{Tenant}/predict/{Flights.Model}", """{"entity":"BOS","values":{"dow":NaN}}""")).Says(400, "body", "in 'values.dow'", "JSON object");

    [Theory]
    [InlineData("events", """{"event":[]}""", "event", "is not known here")]
    [InlineData("events", """{}""", "events", "is missing")]
    [InlineData("events", """{"events":{}}""", "events", "is an object")]
    [InlineData("events", """{"events":[],"ack":"soon"}""", "ack", "soon")]
    [InlineData("outcomes", """{"outcomes":[{"value":1}]}""", "outcomes[0]", "does not name its prediction")]
    [InlineData("outcomes", """{"outcomes":[{"prediction_id":"x"}]}""", "outcomes[0].value", "is missing")]
    [InlineData("outcomes", """{"outcomes":[{"prediction_id":"x","value":"high"}]}""", "outcomes[0].value", "high")]
    [InlineData("shards/0/deliveries", """{"feed":"f","partition":"p","reader_epoch":1,"previous":-1,"events":[{"type":"arrival"}]}""", "events[0].position", "is missing")]
    [InlineData("shards/0/deliveries", """{"feed":"f","partition":"p","reader_epoch":1,"events":[]}""", "previous", "is missing")]
    [InlineData("predict-many/flights-late", """{"items":[{"entity":"BOS"},{"values":{}}]}""", "items[1].entity", "is missing")]
    public async Task Body_ThatIsWrong_NamesItsPath(string path, string body, string target, string message) =>
        (await _http.RefusedAsync(HttpMethod.Post, $"{Tenant}/{path}", body)).Says(400, target, message);

    [Theory]
    [InlineData("GET", "/v1/default/models?limit=3", "query 'limit'", "is not known")]
    [InlineData("GET", "/v1/default/tenants/known/features/origin?as_of=soon", "query 'as_of'", "is 'soon'")]
    [InlineData("GET", "/v1/default/tenants/known/shards/0?digest=maybe", "query 'digest'", "is 'maybe'")]
    [InlineData("GET", "/v1/default/tenants/known/shards/0/marks?feed=f", "query 'partition'", "is missing")]
    public async Task Query_ThatIsWrong_IsNamed(string method, string path, string target, string message) =>
        (await _http.RefusedAsync(new HttpMethod(method), path)).Says(400, target, message, "");

    [Fact]
    public async Task UnknownEndpoint_IsNamed() =>
        (await _http.RefusedAsync(HttpMethod.Get, "/v1/default/nothing")).Says(404, "GET /v1/default/nothing", "is not an endpoint", "/openapi/v1.json");

    [Fact]
    public async Task Body_UnderAnotherType_IsReadAsJson() =>
        (await _http.RefusedAsync(HttpMethod.Post, $"{Tenant}/predict-many/flights-late", """{"items":[{"entity":"BOS"},{"values":{}}]}""", "text/plain")).Says(400, "items[1].entity", "is missing");

    [Theory]
    [InlineData("""{"type":"arrival","key":"no-time","fields":{"dest":"BOS"}}""", "time is missing")]
    [InlineData("""{"type":"arrival","time":"2001-01-10T11:30:00Z","fields":{"dest":"BOS"}}""", "key is missing")]
    [InlineData("""{"type":"arrival","time":"2001-01-10T11:30:00Z","key":"kind","fields":{"dest":"BOS","delay_min":"twenty"}}""", "delay_min: has another kind")]
    [InlineData("""{"type":"arrival","time":"2001-01-10T11:30:00Z","key":"kind2","fields":{"dest":7}}""", "dest")]
    [InlineData("""{"type":"arrival","time":"2001-01-10T11:30:00Z","key":"list","fields":{"dest":[1]}}""", "fields.dest is an array")]
    [InlineData("""{"type":"arrival","time":"now","key":"when","fields":{"dest":"BOS"}}""", "time is the text \"now\"")]
    [InlineData("""7""", "is the number 7")]
    public async Task Event_ThatIsWrong_IsRefusedAndItsNeighbourIsTaken(string item, string reason)
    {
        var answers = (await _http.PostJsonAsync($"{Tenant}/events", Flights.Append(item, Flights.Event("first")))).GetProperty("answers");

        Assert.Equal("refused", answers[0].GetProperty("verdict").GetString());
        Assert.Contains(reason, answers[0].GetProperty("reason").GetString(), StringComparison.Ordinal);
        Assert.Equal("duplicate", answers[1].GetProperty("verdict").GetString());
    }

    [Fact]
    public async Task Body_OverTheLimit_IsRefusedWithBothSizes()
    {
        var body = Flights.Append([.. Enumerable.Range(0, 1000).Select(i => Flights.Event($"many-{i}"))]);
        Assert.True(body.Length > StrictSiloFixture.MaxBodyBytes);
        (await _http.RefusedAsync(HttpMethod.Post, $"{Tenant}/events", body)).Says(413, "body", $"has {body.Length} bytes, over the limit of {StrictSiloFixture.MaxBodyBytes}", "MaxBodyBytes");
    }

    [Fact]
    public async Task ChunkedBody_OverTheLimit_IsRefused()
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, $"{Tenant}/events")
        {
            Content = new StringContent(Flights.Append([.. Enumerable.Range(0, 1000).Select(i => Flights.Event($"many-{i}"))]), System.Text.Encoding.UTF8, "application/json"),
        };
        request.Headers.TransferEncodingChunked = true;
        using var response = await _http.SendAsync(request, TestContext.Current.CancellationToken);
        (await Problem.ReadAsync(response)).Says(413, "body", $"over the limit of {StrictSiloFixture.MaxBodyBytes}", "MaxBodyBytes");
    }

    [Theory]
    [InlineData("view: [", "bad.yaml:2", "is no YAML")]
    [InlineData("view: v\n  entity: x\n", "bad.yaml:2", "is no YAML")]
    public async Task Views_ThatAreNoYaml_NameTheLine(string yaml, string target, string message) =>
        (await _http.RefusedAsync(HttpMethod.Put, $"{Flights.Root}/views?source=bad.yaml", yaml, "application/yaml")).Says(400, target, message, "Check");

    [Fact]
    public async Task View_WithSeveralMistakes_ReportsAllAtOnce()
    {
        const string yaml = """
            view: broken
            entity: card
            colour: red
            events:
              tap: { card: text, amount: money }
            features:
              - { name: a, event: tap, aggregate: average, window: 1h }
              - { name: b, event: swipe, aggregate: count, window: 1h }
              - { name: c, event: tap, aggregate: count, window: soon }
            """;
        var problem = await _http.RefusedAsync(HttpMethod.Put, $"{Flights.Root}/views?source=broken.yaml", yaml, "application/yaml");

        Assert.Equal(400, problem.Status);
        foreach (var part in (string[])["colour", "amount", "features[0].aggregate", "features[1].event", "features[2].window"])
        {
            Assert.Contains(problem.Targets, target => target.StartsWith("broken.yaml", StringComparison.Ordinal) && target.Contains(part, StringComparison.Ordinal));
        }
    }

    [Fact]
    public async Task Views_OneOfTwoIsWrong_NeitherIsApplied()
    {
        const string yaml = """
            view: good
            entity: card
            events:
              tap: { card: text }
            features:
              - { name: n, event: tap, aggregate: count, window: 1h }
            ---
            view: bad
            entity: card
            events:
              tap: { card: text }
            features:
              - { name: n, event: tap, aggregate: nothing, window: 1h }
            """;
        (await _http.RefusedAsync(HttpMethod.Put, $"{Flights.Root}/views?source=two.yaml", yaml, "application/yaml")).Says(400, "two.yaml", "", "");
    }

    /// <summary>Everything that requests could have changed.</summary>
    private async Task<string> StateAsync()
    {
        var shard = await _http.GetJsonAsync($"{Tenant}/shards/0?digest=true");
        string[] parts =
        [
            (await _http.GetJsonAsync($"{Flights.Root}/views")).ToString(),
            (await _http.GetJsonAsync($"{Flights.Root}/models")).ToString(),
            (await _http.GetJsonAsync($"{Flights.Root}/tenants")).ToString(),
            (await _http.GetJsonAsync($"{Tenant}/shards/0/marks?feed=f&partition=p")).ToString(),
            shard.GetProperty("state_digest").GetString()!,
            shard.GetProperty("applied_sequence").ToString(),
        ];
        return string.Join("\n", parts);
    }
}
