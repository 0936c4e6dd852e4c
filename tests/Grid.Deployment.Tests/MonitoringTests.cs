using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grid.Deployment.Tests.Support;
using Grid.TestKit;

namespace Grid.Deployment.Tests;

/// <summary>Alerts and dashboard against what a real silo emits.</summary>
public sealed partial class MonitoringTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    /// <summary>What Prometheus itself adds.</summary>
    private static readonly string[] TargetLabels = ["job", "namespace", "pod", "le"];

    /// <summary>Tags that only faults, signals, or a broker bring.</summary>
    private static readonly string[] TagsOfFaults = ["reason", "code", "type", "status", "severity", "sink"];

    private static readonly JsonNode Rules = Manifests.Read(File.ReadAllText(Tool.At("k8s", "components", "monitoring", "prometheus-rule.yaml"))).Single();
    private static readonly string Dashboard = File.ReadAllText(Tool.At("k8s", "components", "monitoring", "grafana-dashboard.json"));

    private static IEnumerable<JsonNode> AllRules => Rules["spec"]!["groups"]!.AsArray().SelectMany(static g => g!["rules"]!.AsArray())!;

    private static IEnumerable<JsonNode> Alerts => AllRules.Where(static r => r["alert"] is not null);

    private static string[] Expressions =>
        [.. AllRules.Select(static r => r.Text("expr")), .. JsonNode.Parse(Dashboard)!["panels"]!.AsArray().SelectMany(static p => p!["targets"]!.AsArray()).Select(static t => t!.Text("expr"))];

    [Fact]
    public void EveryMetricOfAlertsAndDashboard_IsEmittedOrRecorded()
    {
        HashSet<string> known = [.. silo.Metrics, .. AllRules.Where(static r => r["record"] is not null).Select(static r => r.Text("record")), "up"];
        var used = Expressions.SelectMany(PromQl.Metrics).Distinct().ToArray();
        Assert.True(used.Length > 30, $"Only {used.Length} metrics were found in the expressions.");
        Assert.Equal([], used.Except(known));
    }

    [Fact]
    public void EveryLabelOfAlertsAndDashboard_IsOnSomeSeries()
    {
        HashSet<string> known = [.. TargetLabels, .. TagsOfFaults, .. Label().Matches(silo.Scrape).Select(static m => m.Groups[1].Value)];
        Assert.Equal([], Expressions.SelectMany(PromQl.Labels).Except(known));
        var conditions = Condition().Matches(string.Join('\n', Expressions)).Select(static m => m.Groups[1].Value).ToArray();
        Assert.NotEmpty(conditions);
        Assert.All(conditions, c => Assert.Contains($"grid_silo_condition{{condition=\"{c}\"}} 1", silo.Scrape, StringComparison.Ordinal));
    }

    [Fact]
    public void EveryAlert_SaysWhatItMeansAndWhatToDo() =>
        Assert.All(Alerts, static alert =>
        {
            Assert.Contains(alert["labels"]!.Text("severity"), (string[])["critical", "warning"]);
            Assert.NotEmpty(alert["annotations"]!.Text("summary"));
            Assert.Matches("^Means: .+ Do: .+", alert["annotations"]!.Text("runbook"));
        });

    [Fact]
    public void NameThatIsNoMetric_IsFoundByTheReader()
    {
        const string expression = """histogram_quantile(0.99, sum by (namespace, le) (rate(a_bucket{job="grid",reason=~"x|y"}[5m]))) > 1 and on (pod) b:c:d == 0""";
        Assert.Equal(["a_bucket", "b:c:d"], PromQl.Metrics(expression));
        Assert.Equal(["job", "reason", "namespace", "le", "pod"], PromQl.Labels(expression));
    }

    [Fact]
    public void Autoscaler_AsksForTheMetricThatTheAdapterOffers()
    {
        var adapter = Manifests.Read(File.ReadAllText(Tool.At("k8s", "components", "autoscaling", "prometheus-adapter-values.yaml"))).Single()["rules"]!["custom"]!.AsArray().Single()!;
        var scaler = Manifests.Read(File.ReadAllText(Tool.At("k8s", "components", "autoscaling", "horizontal-pod-autoscaler.yaml"))).Single();
        Assert.Equal(adapter["name"]!.Text("as"), scaler["spec"]!["metrics"]!.AsArray().Select(static m => m!["pods"]?["metric"]?.Text("name")).First(static n => n is not null));
        var recorded = AllRules.Where(static r => r["record"] is not null).Select(static r => r.Text("record"));
        Assert.Contains(adapter.Text("seriesQuery").Split('{')[0], recorded);
    }

    [Fact]
    public async Task Rules_ArePassedByPromtool_AndRaiseWhatTheyShould()
    {
        Tool.Require("promtool", "it is in Debian's package prometheus");
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.Sub("rules.json"), Rules["spec"]!.ToJsonString(), TestContext.Current.CancellationToken);
        File.Copy(Tool.At("tests", "Grid.Deployment.Tests", "alerts", "alerts.test.yaml"), folder.Sub("alerts.test.yaml"));
        var check = await Tool.RunAsync("promtool", ["check", "rules", folder.Sub("rules.json")]);
        Assert.True(check.ExitCode == 0, check.Output + check.Errors);
        var test = await Tool.RunAsync("promtool", ["test", "rules", folder.Sub("alerts.test.yaml")]);
        Assert.True(test.ExitCode == 0, test.Output + test.Errors);
    }

    [GeneratedRegex("[{,]([a-z_]+)=\"")]
    private static partial Regex Label();

    [GeneratedRegex("condition=\"([a-z]+)\"")]
    private static partial Regex Condition();
}
