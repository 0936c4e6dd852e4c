using System.Text.Json;
using Grid.Silo.Tests.Support;

namespace Grid.Silo.Tests;

/// <summary>Every endpoint once, as a plain HTTP caller sees it.</summary>
public sealed class HttpEndpointTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private readonly HttpClient _http = silo.Http;

    [Fact]
    public async Task Predict_AnswersWithModelVersionFeaturesAndOwner()
    {
        var answer = await _http.PostJsonAsync($"{Flights.Root}/tenants/predict-one/predict/{Flights.Model}", Flights.Predict);

        Assert.Equal("2", answer.GetProperty("version").GetString());
        Assert.Equal("BOS", answer.GetProperty("entity").GetString());
        Assert.Equal(24, answer.GetProperty("features").GetArrayLength());
        Assert.InRange(answer.GetProperty("outputs").GetProperty("p_late").GetDouble(), 0, 1);
        Assert.NotEmpty(answer.GetProperty("prediction_id").GetString()!);
    }

    [Fact]
    public async Task PredictMany_OneBadItem_OthersAreAnsweredInOrder()
    {
        var body = """{"as_of":"2001-01-10T12:00:00Z","items":[{"entity":"BOS","values":{"local_hour":12,"dow":3,"distance":100,"block_min":60}},{"entity":"LAX","values":{"dow":3}},{"entity":"SFO","values":{"local_hour":1,"dow":2,"distance":3,"block_min":4}}]}""";
        var answers = (await _http.PostJsonAsync($"{Flights.Root}/tenants/predict-many/predict-many/{Flights.Model}", body)).GetProperty("predictions");

        Assert.Equal(3, answers.GetArrayLength());
        Assert.Equal("BOS", answers[0].GetProperty("entity").GetString());
        Assert.True(answers[0].TryGetProperty("outputs", out _));
        Assert.Contains("local_hour", answers[1].GetProperty("error").ToString(), StringComparison.Ordinal);
        Assert.Equal("SFO", answers[2].GetProperty("entity").GetString());
        Assert.True(answers[2].TryGetProperty("outputs", out _));
    }

    [Fact]
    public async Task Append_SameKeyAgain_IsADuplicateAndCountsOnce()
    {
        const string tenant = $"{Flights.Root}/tenants/append";
        var first = await _http.PostJsonAsync($"{tenant}/events", Flights.Append(Flights.Event("k1"), Flights.Event("k1"), Flights.Event("k2")));
        var second = await _http.PostJsonAsync($"{tenant}/events", Flights.Append(Flights.Event("k2")));

        Assert.Equal(["accepted", "duplicate", "accepted"], Verdicts(first));
        Assert.Equal(["duplicate"], Verdicts(second));
        var reading = await _http.GetJsonAsync($"{tenant}/features/origin?features=n_1h,late_1h&as_of=2001-01-10T12:00:00Z");
        Assert.Contains("\"n_1h\"", reading.ToString(), StringComparison.Ordinal);
        var features = reading.GetProperty("features");
        Assert.Equal(2, ValueOf(features, "n_1h"));
        Assert.Equal(1, ValueOf(features, "late_1h"));
    }

    [Fact]
    public async Task Deliver_MovesMarks_AndRepeatChangesNothing()
    {
        const string shard = $"{Flights.Root}/tenants/deliver/shards/0";
        var body = """{"feed":"flights","partition":"0","reader_epoch":1,"previous":-1,"events":[{"type":"departure","position":4,"time":"2001-01-10T11:00:00Z","arrival":"2001-01-10T11:00:00Z","fields":{"dest":"BOS"}}]}""";
        var applied = await _http.PostJsonAsync($"{shard}/deliveries", body);
        var before = await _http.GetJsonAsync($"{shard}?digest=true");
        using var flushed = await _http.SendAsync(HttpMethod.Post, $"{shard}/flush");
        var again = await _http.PostJsonAsync($"{shard}/deliveries", body);
        var marks = await _http.GetJsonAsync($"{shard}/marks?feed=flights&partition=0");
        var status = await _http.GetJsonAsync($"{shard}?digest=true");

        Assert.Equal("applied", applied.GetProperty("status").GetString());
        Assert.Equal(204, (int)flushed.StatusCode);
        Assert.Equal("applied", again.GetProperty("status").GetString());
        Assert.Equal(4, marks.GetProperty("applied").GetInt64());
        Assert.Equal(4, marks.GetProperty("durable").GetInt64());
        Assert.Equal(2, status.GetProperty("entities").GetInt64());
        Assert.NotEmpty(status.GetProperty("state_digest").GetString()!);
        Assert.Equal(before.GetProperty("state_digest").GetString(), status.GetProperty("state_digest").GetString());
    }

    [Fact]
    public async Task Deliver_WithAGap_IsAnsweredWithTheMarkToGoOnFrom()
    {
        const string shard = $"{Flights.Root}/tenants/deliver-gap/shards/0";
        await _http.PostJsonAsync($"{shard}/deliveries", Delivery(previous: -1, position: 0));

        var gap = await _http.PostJsonAsync($"{shard}/deliveries", Delivery(previous: 7, position: 8));

        Assert.Equal("gap", gap.GetProperty("status").GetString());
        Assert.Equal(0, gap.GetProperty("applied_mark").GetInt64());
    }

    [Fact]
    public async Task Outcomes_AreRecordedThenDuplicateThenCorrected()
    {
        const string path = $"{Flights.Root}/tenants/outcomes/outcomes";
        Assert.Equal(["recorded"], Verdicts(await _http.PostJsonAsync(path, Outcome(1))));
        Assert.Equal(["duplicate"], Verdicts(await _http.PostJsonAsync(path, Outcome(1))));
        Assert.Equal(["corrected"], Verdicts(await _http.PostJsonAsync(path, Outcome(0))));
    }

    [Fact]
    public async Task Models_ListGetAndVersion_ShowWhatIsServed()
    {
        var models = await _http.GetJsonAsync($"{Flights.Root}/models");
        var model = await _http.GetJsonAsync($"{Flights.Root}/models/{Flights.Model}");
        var version = await _http.GetJsonAsync($"{Flights.Root}/models/{Flights.Model}/versions/1");

        Assert.Contains(models.GetProperty("models").EnumerateArray(), m => m.GetProperty("model").GetString() == Flights.Model);
        Assert.Equal("2", model.GetProperty("live").GetString());
        Assert.Equal("features", version.GetProperty("inputs")[0].GetProperty("name").GetString());
        Assert.Equal("FP32", version.GetProperty("inputs")[0].GetProperty("data_type").GetString());
    }

    [Fact]
    public async Task Push_ThenLiveThenRetire_MovesTheVersionThroughItsStates()
    {
        using var first = await _http.PushAsync("pushed", "1", ("model.onnx", Flights.Onnx("1")));
        using var second = await _http.PushAsync("pushed", "2", ("model.onnx", Flights.Onnx("2")));
        using var again = await _http.PushAsync("pushed", "1", ("model.onnx", Flights.Onnx("1")));
        var digest = (await HttpCalls.JsonAsync(first)).GetProperty("digest").GetString();
        Assert.Equal(digest, (await HttpCalls.JsonAsync(again)).GetProperty("digest").GetString());
        Assert.NotEqual(digest, (await HttpCalls.JsonAsync(second)).GetProperty("digest").GetString());

        await _http.PostJsonAsync($"{Flights.Root}/models/pushed/live", """{"version":"1"}""");
        var live = await _http.PostJsonAsync($"{Flights.Root}/models/pushed/live", """{"version":"2"}""");
        Assert.Equal("2", live.GetProperty("live").GetString());
        var retired = await HttpCalls.JsonAsync(await _http.SendAsync(HttpMethod.Delete, $"{Flights.Root}/models/pushed/versions/1"));
        Assert.Equal("retired", retired.GetProperty("state").GetString());
        (await _http.RefusedAsync(HttpMethod.Delete, $"{Flights.Root}/models/pushed/versions/2")).Says(412, "pushed", "live", "");
    }

    [Fact]
    public async Task Views_DryRunChangesNothing_ApplyDoes()
    {
        const string yaml = "view: extra\nentity: card\nevents:\n  tap: { card: text }\nfeatures:\n  - { name: n, event: tap, aggregate: count, window: 1h }\n";
        const string views = "/v1/views-endpoint/views";
        var before = await _http.GetJsonAsync(views);
        var dry = await HttpCalls.JsonAsync(await _http.SendAsync(HttpMethod.Put, $"{views}?source=extra.yaml&dry_run=true", yaml, "application/yaml"));
        var between = await _http.GetJsonAsync(views);
        var applied = await HttpCalls.JsonAsync(await _http.SendAsync(HttpMethod.Put, $"{views}?source=extra.yaml", yaml, "application/yaml"));
        var after = await _http.GetJsonAsync(views);

        Assert.Single(dry.GetProperty("changed").EnumerateArray());
        Assert.Equal(before.GetProperty("revision").GetInt64(), between.GetProperty("revision").GetInt64());
        Assert.Empty(between.GetProperty("views").EnumerateArray());
        Assert.Single(applied.GetProperty("changed").EnumerateArray());
        Assert.Equal("extra", Assert.Single(after.GetProperty("views").EnumerateArray()).GetString());
    }

    [Fact]
    public async Task Tenants_CreateListShow_KeepTheirNumberOfShards()
    {
        var created = await HttpCalls.JsonAsync(await _http.SendAsync(HttpMethod.Put, $"{Flights.Root}/tenants/sharded", """{"shards":3}"""));
        var again = await HttpCalls.JsonAsync(await _http.SendAsync(HttpMethod.Put, $"{Flights.Root}/tenants/sharded", """{"shards":3}"""));
        var shown = await _http.GetJsonAsync($"{Flights.Root}/tenants/sharded");
        var list = await _http.GetJsonAsync($"{Flights.Root}/tenants");
        var last = await _http.GetJsonAsync($"{Flights.Root}/tenants/sharded/shards/2");

        Assert.Equal(3, created.GetProperty("shards").GetInt32());
        Assert.Equal(created.ToString(), again.ToString());
        Assert.Equal(created.ToString(), shown.ToString());
        Assert.Contains(list.GetProperty("tenants").EnumerateArray(), t => t.GetProperty("tenant").GetString() == "sharded");
        Assert.EndsWith("sharded/2", last.GetProperty("shard").GetString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Health_LiveAndReady()
    {
        var live = await _http.GetJsonAsync("/healthz/live");
        Assert.True(live.GetProperty("live").GetBoolean());
        Assert.False(live.GetProperty("degraded").GetBoolean());
        Assert.Equal(["membership", "workers"], live.GetProperty("conditions").EnumerateArray().Select(static c => c.GetProperty("name").GetString()));
        var ready = await _http.GetJsonAsync("/healthz/ready");
        Assert.True(ready.GetProperty("ready").GetBoolean());
        Assert.All(ready.GetProperty("conditions").EnumerateArray(), c => Assert.True(c.GetProperty("holds").GetBoolean()));
    }

    [Fact]
    public async Task OpenApi_ListsEveryEndpointWithItsParameters()
    {
        const string tenant = "/v1/{workspace}/tenants/{tenant}";
        const string model = "/v1/{workspace}/models/{model}";
        string[] expected =
        [
            $"get {model}",
            $"post {model}/live",
            $"get {model}/rollout",
            $"get {model}/history",
            $"put {model}/canary",
            $"put {model}/experiment",
            $"put {model}/shadows/{{version}}",
            $"delete {model}/shadows/{{version}}",
            $"post {model}/promote",
            $"post {model}/rollback",
            $"put {model}/aliases/{{alias}}",
            $"delete {model}/aliases/{{alias}}",
            $"put {model}/tags/{{tag}}",
            $"delete {model}/tags/{{tag}}",
            $"put {model}/versions/{{version}}/tags/{{tag}}",
            $"delete {model}/versions/{{version}}/tags/{{tag}}",
            $"delete {model}/versions/{{version}}",
            $"get {model}/versions/{{version}}",
            $"put {model}/versions/{{version}}",
            $"get {model}/versions/{{version}}/files/{{file}}",
            "get /v1/cluster",
            "get /v1/cluster/balance",
            "get /v1/cluster/explain",
            "post /v1/cluster/rebalance",
            "post /v1/cluster/silos/{silo}/drain",
            "get /v1/{workspace}/datasets/{digest}",
            $"post {model}/datasets",
            "get /v1/{workspace}/models",
            "get /v1/{workspace}/predictions/{id}",
            "post /v1/{workspace}/predictions/{id}/replay",
            $"get {model}/monitor",
            $"post {model}/retrain",
            $"post {model}/signals/ack",
            "get /v1/{workspace}/signals",
            "get /v1/{workspace}/streams",
            "get /v1/{workspace}/tenants",
            "get /v1/{workspace}/views",
            "put /v1/{workspace}/views",
            $"get {tenant}",
            $"put {tenant}",
            $"post {tenant}/events",
            $"get {tenant}/features/{{view}}",
            $"post {tenant}/outcomes",
            $"delete {tenant}/predictions",
            $"post {tenant}/predict-many/{{model}}",
            $"post {tenant}/predict/{{model}}",
            $"get {tenant}/shards/{{shard}}",
            $"post {tenant}/shards/{{shard}}/deliveries",
            $"post {tenant}/shards/{{shard}}/flush",
            $"get {tenant}/shards/{{shard}}/marks",
        ];
        var document = await _http.GetJsonAsync("/openapi/v1.json");
        var operations = document.GetProperty("paths").EnumerateObject()
            .SelectMany(static path => path.Value.EnumerateObject().Select(method => (Name: $"{method.Name} {path.Name}", method.Value)))
            .ToArray();

        Assert.Equal(expected.Order(StringComparer.Ordinal), operations.Select(static o => o.Name).Where(static n => n.Contains("/v1/", StringComparison.Ordinal)).Order(StringComparer.Ordinal));
        foreach (var (name, operation) in operations.Where(static o => o.Name.Contains("/v1/", StringComparison.Ordinal)))
        {
            string[] parameters = operation.TryGetProperty("parameters", out var listed) ? [.. listed.EnumerateArray().Select(static p => p.GetProperty("name").GetString()!)] : [];
            Assert.All(name.Split('{').Skip(1).Select(static p => p[..p.IndexOf('}', StringComparison.Ordinal)]), p => Assert.Contains(p, parameters));
            Assert.NotEmpty(operation.GetProperty("summary").GetString()!);
        }
    }

    private static string Delivery(long previous, long position) =>
        $$$"""{"feed":"flights","partition":"0","reader_epoch":1,"previous":{{{previous}}},"events":[{"type":"departure","position":{{{position}}},"time":"2001-01-10T11:00:00Z","arrival":"2001-01-10T11:00:00Z","fields":{"dest":"BOS"}}]}""";

    private static string Outcome(int value) =>
        $$$"""{"outcomes":[{"model":"{{{Flights.Model}}}","entity":"BOS","time":"2001-01-10T12:00:00Z","value":{{{value}}}}]}""";

    private static string[] Verdicts(JsonElement answer) => [.. answer.GetProperty("answers").EnumerateArray().Select(static a => a.GetProperty("verdict").GetString()!)];

    private static double ValueOf(JsonElement features, string name) =>
        features.EnumerateArray().Single(f => f.GetProperty("name").GetString() == name).GetProperty("value").GetDouble();
}
