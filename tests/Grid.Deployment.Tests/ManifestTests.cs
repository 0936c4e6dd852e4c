using System.Text.Json.Nodes;
using Grid.Deployment.Tests.Support;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Grid.Deployment.Tests;

/// <summary>Each overlay, built, against the published schemas and against what the silo is.</summary>
public sealed class ManifestTests(RunningSilo silo) : IClassFixture<RunningSilo>
{
    public static TheoryData<string> Overlays => [.. Manifests.Overlays];

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task EveryObject_IsWhatThePublishedSchemasSay(string overlay)
    {
        var objects = await Manifests.BuildAsync(overlay);
        var (exitCode, output) = await CheckAsync(objects);
        Assert.True(exitCode == 0, output);
        Assert.True(objects.Length >= 7);
    }

    [Fact]
    public async Task WrongNameAndWrongValue_AreFoundByTheSchemas()
    {
        var objects = await Manifests.BuildAsync("production");
        objects.Silo().Container()["readinesProbe"] = new JsonObject();
        objects.Single("HorizontalPodAutoscaler", "grid")["spec"]!["maxReplicas"] = "many";
        var (exitCode, output) = await CheckAsync(objects);
        Assert.Equal(1, exitCode);
        Assert.Contains("readinesProbe", output, StringComparison.Ordinal);
        Assert.Contains("maxReplicas", output, StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task EveryPod_RunsWithoutPrivilege_AndTheSiloOnAReadOnlyRoot(string overlay)
    {
        var objects = await Manifests.BuildAsync(overlay);
        foreach (var pod in objects.Where(static o => o.Text("kind") == "Deployment").Select(static o => o["spec"]!["template"]!["spec"]!))
        {
            Assert.True((bool)pod["securityContext"]!["runAsNonRoot"]!);
            Assert.Equal("RuntimeDefault", pod["securityContext"]!["seccompProfile"]!.Text("type"));
            Assert.False((bool)pod["automountServiceAccountToken"]!);
            var security = pod.Container()["securityContext"]!;
            Assert.False((bool)security["allowPrivilegeEscalation"]!);
            Assert.Equal("ALL", security["capabilities"]!["drop"]!.AsArray().Single()!.ToString());
            Assert.Null(security["privileged"]);
        }

        var silo = objects.Silo().Container();
        Assert.True((bool)silo["securityContext"]!["readOnlyRootFilesystem"]!);
        var writable = silo["volumeMounts"]!.AsArray().Where(static m => m!["readOnly"] is null).Select(static m => m!.Text("mountPath"));
        Assert.Contains(objects.Environment()["GRID_STATEFOLDER"], writable);
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task Probes_AskDoorsThatTheSiloHas_AndThereIsTimeToStop(string overlay)
    {
        var pod = (await Manifests.BuildAsync(overlay)).Silo();
        foreach (var probe in (string[])["startupProbe", "livenessProbe", "readinessProbe"])
        {
            var asked = pod.Container()[probe]!["httpGet"]!;
            Assert.Equal("http", asked.Text("port"));
            using var response = await silo.Http.GetAsync(new Uri(asked.Text("path"), UriKind.Relative), TestContext.Current.CancellationToken);
            Assert.True(response.IsSuccessStatusCode, asked.Text("path"));
        }

        var preStop = (int)pod.Container()["lifecycle"]!["preStop"]!["sleep"]!["seconds"]!;
        var stop = silo.Silo.Services.GetRequiredService<IOptions<HostOptions>>().Value.ShutdownTimeout.TotalSeconds;
        var grace = (int)pod["terminationGracePeriodSeconds"]!;
        Assert.True(grace >= preStop + stop + 10, $"{grace} s are too few for preStop ({preStop} s) and the host's stop ({stop} s).");
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task ThreadsFollowTheCpuRequest_AndMemoryHoldsHeapAndModels(string overlay)
    {
        var objects = await Manifests.BuildAsync(overlay);
        var silo = objects.Silo().Container();
        var processors = silo["env"]!.AsArray().Single(static v => v!.Text("name") == "DOTNET_PROCESSOR_COUNT")!["valueFrom"]!["resourceFieldRef"]!;
        Assert.Equal("requests.cpu", processors.Text("resource"));

        // Whole cores: a fraction would be rounded up, and more threads than cores would run.
        var cores = int.Parse(silo["resources"]!["requests"]!.Text("cpu"), System.Globalization.CultureInfo.InvariantCulture);
        Assert.InRange(cores, 1, 64);
        Assert.Null(silo["resources"]!["limits"]!["cpu"]);
        Assert.Equal(silo["resources"]!["limits"]!.Text("memory"), silo["resources"]!["requests"]!.Text("memory"));

        var limit = long.Parse(silo["resources"]!["limits"]!.Text("memory").Replace("Gi", "", StringComparison.Ordinal), System.Globalization.CultureInfo.InvariantCulture) << 30;
        var environment = objects.Environment();
        var heap = limit * Convert.ToInt64(environment["DOTNET_GCHeapHardLimitPercent"], 16) / 100;
        var models = long.Parse(environment["GRID_MODELMEMORYBYTES"], System.Globalization.CultureInfo.InvariantCulture);
        Assert.True(heap + models <= limit * 9 / 10, $"{heap} bytes of heap and {models} of models do not fit {limit} with room for the rest.");
    }

    private static async Task<(int ExitCode, string Output)> CheckAsync(JsonNode[] objects)
    {
        Tool.Require("node", "the schemas are npm packages");
        Assert.SkipUnless(
            Directory.Exists(Tool.At("tests", "Grid.Deployment.Tests", "schemas", "node_modules", "typescript")),
            "The schemas are not installed: npm install --prefix tests/Grid.Deployment.Tests/schemas (./test.sh does it).");
        var (exitCode, output, errors) = await Tool.RunAsync("node", [Tool.At("tests", "Grid.Deployment.Tests", "schemas", "check.mjs")], new JsonArray([.. objects.Select(static o => o.DeepClone())]).ToJsonString());
        return (exitCode, output + errors);
    }
}
