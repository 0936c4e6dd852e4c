using System.Text.Json;
using Grid.Silo.Tests.Support;
using Grid.TestKit;

namespace Grid.Silo.Tests;

/// <summary>The <c>grid</c> command against a silo: what it prints and what it returns.</summary>
public sealed class CommandTests(SiloFixture silo) : IClassFixture<SiloFixture>, IDisposable
{
    private static readonly string[] PredictBos =
    [
        "predict", Flights.Model, "--tenant", "cli", "--entity", "BOS", "--as-of", "2001-01-10T12:00:00Z",
        "--value", "local_hour=12", "--value", "dow=3", "--value", "distance=100", "--value", "block_min=60",
    ];

    private readonly TempFolder _folder = new();

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task Predict_PrintsTheOutputs_AndAsJson()
    {
        var text = await RunAsync(0, PredictBos);
        var json = JsonDocument.Parse(await RunAsync(0, [.. PredictBos, "--json", "--with-features", "--version", "1"])).RootElement;

        Assert.Contains("p_late", text, StringComparison.Ordinal);
        Assert.Contains($"{Flights.Model} 2", text, StringComparison.Ordinal);
        Assert.Equal("1", json.GetProperty("version").GetString());
        Assert.Equal(24, json.GetProperty("features").GetArrayLength());
    }

    [Fact]
    public async Task EventsSend_CountsVerdicts_ThenFeaturesShowThem()
    {
        var file = File("events.jsonl", Flights.Event("a"), "", Flights.Event("a"), Flights.Event("b"));
        var sent = JsonDocument.Parse(await RunAsync(0, "events", "send", "--tenant", "cli-events", "--file", file, "--json")).RootElement.GetProperty("verdicts");
        var features = await RunAsync(0, "features", "route", "--tenant", "cli-events", "--entity", "BOS", "--as-of", "2001-01-10T12:00:00Z");
        var json = JsonDocument.Parse(await RunAsync(0, "features", "origin", "--tenant", "cli-events", "--as-of", "2001-01-10T12:00:00Z", "--json")).RootElement;

        Assert.Equal(2, sent.GetProperty("accepted").GetInt32());
        Assert.Equal(1, sent.GetProperty("duplicate").GetInt32());
        Assert.Matches(@"n_24h +2 +fresh", features);
        Assert.Equal(12, json.GetProperty("features").GetArrayLength());
    }

    [Fact]
    public async Task EventsSend_WithABadLine_NamesTheLineAndFails()
    {
        var file = File("bad.jsonl", Flights.Event("a"), "{not json", Flights.Event("c", time: "soon"));
        var (code, output, error) = await GridCommandLine.RunAsync(silo.Address, "events", "send", "--tenant", "cli-bad", "--file", file);

        Assert.Equal(1, code);
        Assert.Contains("line 2: refused", error, StringComparison.Ordinal);
        Assert.Contains("line 3: refused: time", error, StringComparison.Ordinal);
        Assert.Matches(@"accepted +1", output);
    }

    [Fact]
    public async Task Baseline_IsMadeOfTrainingRows_AndWhatIsWrongIsNamed()
    {
        var rows = File("rows.csv", ["x,y,p,late", .. Enumerable.Range(0, 200).Select(static i => FormattableString.Invariant($"{i},{i % 7},{i / 200.0},{(i % 3 == 0 ? 1 : 0)}"))]);
        var target = Path.Combine(_folder.Path, "baseline.json");
        var printed = await RunAsync(0, "models", "baseline", rows, "--out", target, "--feature", "x", "--feature", "y", "--output", "p", "--label", "late");
        var baseline = JsonDocument.Parse(await System.IO.File.ReadAllBytesAsync(target, TestContext.Current.CancellationToken)).RootElement;

        Assert.Matches(@"rows +200", printed);
        Assert.Equal(["x", "y"], baseline.GetProperty("features").EnumerateObject().Select(static f => f.Name));
        Assert.Equal(200, baseline.GetProperty("outputs").GetProperty("p").GetProperty("counts").EnumerateArray().Sum(static c => c.GetInt64()));
        var (code, _, error) = await GridCommandLine.RunAsync(silo.Address, "models", "baseline", rows, "--feature", "nothing");
        Assert.Equal(1, code);
        Assert.Contains("column 'nothing'", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signals_AreListedAndNotInvented_MonitorsShown_AndTrainingsRefusedWithAReason()
    {
        await RunAsync(0, PredictBos);
        var signals = JsonDocument.Parse(await RunAsync(0, "signals", "list", "--cleared", "--json")).RootElement.GetProperty("signals");
        Assert.Equal(0, signals.GetArrayLength());
        Assert.Contains(Flights.Model, await RunAsync(0, "monitor", Flights.Model), StringComparison.Ordinal);
        var (code, _, error) = await GridCommandLine.RunAsync(silo.Address, "signals", "ack", "nobody@1");
        Assert.Equal(1, code);
        Assert.Contains("signal 'nobody@1'", error, StringComparison.Ordinal);
        var unknown = await GridCommandLine.RunAsync(silo.Address, "monitor", "nobody");
        Assert.Contains("model 'nobody'", unknown.Error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_PushListShowLive()
    {
        var pushed = JsonDocument.Parse(await RunAsync(0, "models", "push", "cli-model", "1", Flights.ModelFolder("1"), "--json")).RootElement;
        await RunAsync(0, "models", "live", "cli-model", "1");

        Assert.Equal("registered", pushed.GetProperty("state").GetString());
        Assert.Matches(@"cli-model +1 +1", await RunAsync(0, "models", "list"));
        Assert.Contains("cli-model", await RunAsync(0, "models", "list", "--json"), StringComparison.Ordinal);
        Assert.Contains("live", await RunAsync(0, "models", "show", "cli-model"), StringComparison.Ordinal);
        Assert.Contains(pushed.GetProperty("digest").GetString()!, await RunAsync(0, "models", "show", "cli-model", "1"), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Models_CanaryPromoteRollbackShadowHistoryAliasTag()
    {
        const string model = "cli-rollout";
        await RunAsync(0, "models", "push", model, "v1", Flights.ModelFolder("1"), "--live");
        await RunAsync(0, "models", "push", model, "v2", Flights.ModelFolder("2"));

        Assert.Matches("canary +v2 10 % by tenant, by hand", await RunAsync(0, "models", "canary", model, "v2", "--share", "10", "--sticky", "tenant", "--manual"));
        Assert.Matches("canary +v2 25 % by entity", await RunAsync(0, "models", "canary", model, "v2", "--share", "25"));
        var rollout = JsonDocument.Parse(await RunAsync(0, "models", "rollout", model, "--json")).RootElement;
        Assert.Equal(25, rollout.GetProperty("rollout").GetProperty("canary").GetProperty("share").GetDouble());
        Assert.Equal("canary", rollout.GetProperty("last").GetProperty("action").GetString());
        Assert.Matches("live +v2", await RunAsync(0, "models", "promote", model, "--reason", "better"));
        Assert.Matches("live +v1", await RunAsync(0, "models", "rollback", model));
        Assert.Matches("shadow +v2", await RunAsync(0, "models", "shadow", model, "v2"));
        Assert.DoesNotContain("shadow", await RunAsync(0, "models", "shadow", model, "v2", "--off"), StringComparison.Ordinal);
        Assert.Matches("arm +b: v2 weight 3", await RunAsync(0, "models", "experiment", model, "--arm", "a=v1:1", "--arm", "b=v2:3"));
        await RunAsync(0, "models", "rollback", model);
        Assert.Matches("alias +@next v2", await RunAsync(0, "models", "alias", model, "next", "v2"));
        Assert.Matches("tag +team=risk", await RunAsync(0, "models", "tag", model, "team=risk"));
        await RunAsync(0, "models", "tag", model, "reviewed=yes", "--version", "v2");
        Assert.Matches("tag +reviewed=yes", await RunAsync(0, "models", "show", model, "v2"));
        var history = await RunAsync(0, "models", "history", model);
        Assert.Matches("promote +v2 +hand +better", history);
        Assert.Matches("live +v1", await RunAsync(0, "models", "history", model, "--at", DateTimeOffset.UtcNow.ToString("O")));
        var (code, _, error) = await GridCommandLine.RunAsync(silo.Address, "models", "canary", model, "v2", "--share", "101");
        Assert.Equal(1, code);
        Assert.StartsWith("share: is 101.", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Views_DryRunApplyShow()
    {
        var file = File("view.yaml", "view: cli_view", "entity: card", "events:", "  tap: { card: text }", "features:", "  - { name: n, event: tap, aggregate: count, window: 1h }");
        string[] workspace = ["--workspace", "cli-views"];

        Assert.Contains("1 would change", await RunAsync(0, ["views", "apply", file, "--dry-run", .. workspace]), StringComparison.Ordinal);
        Assert.DoesNotContain("cli_view", await RunAsync(0, ["views", "show", .. workspace]), StringComparison.Ordinal);
        Assert.Contains("1 changed", await RunAsync(0, ["views", "apply", file, .. workspace]), StringComparison.Ordinal);
        Assert.Contains("nothing to change", await RunAsync(0, ["views", "apply", file, .. workspace]), StringComparison.Ordinal);
        Assert.Contains("cli_view", await RunAsync(0, ["views", "show", .. workspace]), StringComparison.Ordinal);
        Assert.Equal("cli_view", JsonDocument.Parse(await RunAsync(0, ["views", "show", "--json", .. workspace])).RootElement.GetProperty("views")[0].GetString());
    }

    [Fact]
    public async Task Tenants_CreateListShow()
    {
        await RunAsync(0, "tenants", "create", "cli-tenant", "--shards", "2");
        Assert.Matches(@"cli-tenant +2 ", await RunAsync(0, "tenants", "list"));
        Assert.Contains("default/cli-tenant/1", await RunAsync(0, "tenants", "show", "cli-tenant"), StringComparison.Ordinal);
        Assert.Equal(2, JsonDocument.Parse(await RunAsync(0, "tenants", "show", "cli-tenant", "--digest", "--json")).RootElement.GetProperty("shards").GetArrayLength());
    }

    [Theory]
    [InlineData("model 'nothing'", "models", "show", "nothing")]
    [InlineData("tenant 'nobody'", "tenants", "show", "nobody")]
    [InlineData("file 'no.yaml'", "views", "apply", "no.yaml")]
    [InlineData("view 'no_view'", "features", "no_view", "--tenant", "cli")]
    public async Task Failure_NamesTheThingOnTheErrorOutputAndReturnsOne(string target, params string[] arguments)
    {
        var (code, output, error) = await GridCommandLine.RunAsync(silo.Address, arguments);

        Assert.Equal(1, code);
        Assert.Empty(output);
        Assert.StartsWith(target, error, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("Required argument", "predict")]
    [InlineData("--value 'x'", "predict", "m", "--tenant", "t", "--entity", "e", "--value", "x")]
    [InlineData("--as-of 'soon'", "features", "v", "--tenant", "t", "--as-of", "soon")]
    [InlineData("nonsense", "nonsense")]
    public async Task ArgumentsThatAreNotUnderstood_SayWhyAndReturnTwo(string message, params string[] arguments)
    {
        var (code, output, error) = await GridCommandLine.RunAsync(silo.Address, arguments);

        Assert.Equal(2, code);
        Assert.Empty(output);
        Assert.Contains(message, error, StringComparison.Ordinal);
        Assert.Contains("--help", error, StringComparison.Ordinal);
    }

    [Fact]
    public async Task ServerThatIsNoAddress_IsNamed()
    {
        var (code, _, error) = await GridCommandLine.RunAsync("nowhere", "models", "list");
        Assert.Equal(1, code);
        Assert.Contains("--server", error, StringComparison.Ordinal);
    }

    private string File(string name, params string[] lines)
    {
        var path = _folder.Sub(name);
        System.IO.File.WriteAllLines(path, lines);
        return path;
    }

    private async Task<string> RunAsync(int expected, params string[] arguments)
    {
        var (code, output, error) = await GridCommandLine.RunAsync(silo.Address, arguments);
        Assert.True(code == expected, $"{code}: {error}");
        return output;
    }
}
