using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Grid.Deployment.Tests.Support;
using Grid.Silo.Commands;
using Grid.Silo.Hosting;
using Microsoft.Extensions.Configuration;

namespace Grid.Deployment.Tests;

/// <summary>Every variable and port in manifests, compose file and Dockerfile is one that the silo reads.</summary>
public sealed partial class SettingsTests
{
    /// <summary>Read by the .NET runtime.</summary>
    private static readonly string[] OfTheRuntime = ["DOTNET_PROCESSOR_COUNT", "DOTNET_GCHeapHardLimitPercent"];

    public static TheoryData<string> Overlays => [.. Manifests.Overlays];

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task EveryVariable_IsASettingOfTheSilo_AndTheirValuesAreValid(string overlay)
    {
        var environment = (await Manifests.BuildAsync(overlay)).Environment();
        Assert.Contains("GRID_HTTPADDRESS", environment.Keys);
        CheckNames(environment.Keys);
        environment["GRID_CLUSTER__ADDRESS"] = "10.1.2.3";
        environment["GRID_CLUSTER__NAME"] = "grid-7d9c5b6f4-x2x7k";
        environment["GRID_ADVERTISEDHTTPADDRESS"] = environment["GRID_ADVERTISEDHTTPADDRESS"].Replace("$(GRID_CLUSTER__ADDRESS)", "10.1.2.3", StringComparison.Ordinal);
        CheckValues(environment);
        Assert.Equal(overlay != "single-node", environment.ContainsKey("GRID_POSTGRESQL"));
    }

    [Theory]
    [MemberData(nameof(Overlays))]
    public async Task EveryPort_IsOneThatTheSiloListensTo(string overlay)
    {
        var objects = await Manifests.BuildAsync(overlay);
        var environment = objects.Environment();
        var ports = objects.Silo().Container()["ports"]!.AsArray().ToDictionary(static p => p!.Text("name"), static p => p!.Text("containerPort"));
        Assert.Equal(new Uri(environment["GRID_HTTPADDRESS"].Replace("0.0.0.0", "localhost", StringComparison.Ordinal)).Port.ToString(System.Globalization.CultureInfo.InvariantCulture), ports["http"]);
        Assert.Equal(environment["GRID_SILOPORT"], ports["silo"]);
        Assert.Equal(environment["GRID_GATEWAYPORT"], ports["gateway"]);
        Assert.Equal(3, ports.Count);
        Assert.EndsWith($":{ports["http"]}", environment["GRID_ADVERTISEDHTTPADDRESS"], StringComparison.Ordinal);
        foreach (var service in objects.Where(static o => o.Text("kind") == "Service" && o["metadata"]!.Text("name").StartsWith("grid", StringComparison.Ordinal)))
        {
            Assert.All(service["spec"]!["ports"]!.AsArray(), p => Assert.Contains(p!.Text("targetPort"), ports.Keys));
        }

        var policy = objects.Single("NetworkPolicy", "grid")["spec"]!;
        Assert.All(policy["ingress"]!.AsArray().SelectMany(static rule => rule!["ports"]!.AsArray()), p => Assert.Contains(p!.Text("port"), ports.Keys));
    }

    [Fact]
    public void SiloPortAndGateway_AreOpenToNobodyElse()
    {
        var policy = Manifests.Read(File.ReadAllText(Tool.At("k8s", "base", "network-policy.yaml"))).Single()["spec"]!;
        var open = policy["ingress"]!.AsArray().Where(static rule => rule!["from"] is null).SelectMany(static rule => rule!["ports"]!.AsArray()).Select(static p => p!.Text("port"));
        Assert.Equal(["http"], open);
    }

    [Fact]
    public void ComposeFile_HasThreeSilosWithSettingsThatTheSiloReads()
    {
        var services = Manifests.Read(Merged(File.ReadAllText(Tool.At("compose.yaml")))).Single()["services"]!.AsObject();
        var silos = services.Where(static s => s.Key.StartsWith("silo", StringComparison.Ordinal)).Select(static s => s.Value!["environment"]!).ToArray();
        Assert.Equal(3, silos.Length);
        foreach (var silo in silos)
        {
            var environment = silo.AsObject().ToDictionary(static p => p.Key, static p => p.Value!.ToString());
            CheckNames(environment.Keys);
            CheckValues(environment);
        }

        Assert.Equal(3, silos.Select(static s => s.Text("GRID_CLUSTER__ADDRESS")).Distinct().Count());
    }

    [Fact]
    public void Dockerfile_SetsVariablesAndPortsThatTheSiloReads()
    {
        var text = File.ReadAllText(Tool.At("Dockerfile"));
        var variables = Variable().Matches(text).Select(static m => m.Groups[1].Value).ToArray();
        Assert.NotEmpty(variables);
        CheckNames(variables);
        Assert.Contains("EXPOSE 8000 11111 30000", text, StringComparison.Ordinal);
        Assert.Contains("USER 1654:1654", text, StringComparison.Ordinal);
    }

    [Fact]
    public void NameThatNoSettingHas_IsFound() => Assert.DoesNotContain("GRID_STATEFOLDERS", SiloSettings.Names);

    private static void CheckNames(IEnumerable<string> variables) =>
        Assert.Equal([], variables.Except(OfTheRuntime).Where(static v => !SiloSettings.Names.Contains(SiloSettings.Normal(v))));

    private static void CheckValues(IReadOnlyDictionary<string, string> environment)
    {
        var configuration = new ConfigurationBuilder()
            .AddInMemoryCollection(environment
                .Where(static p => p.Key.StartsWith("GRID_", StringComparison.Ordinal) && !p.Key.StartsWith("GRID_VIEWS", StringComparison.Ordinal) && !p.Key.StartsWith("GRID_SOURCEFILES", StringComparison.Ordinal))
                .Select(static p => new KeyValuePair<string, string?>(p.Key["GRID_".Length..].Replace("__", ":", StringComparison.Ordinal), p.Value)))
            .Build();
        var result = new GridSiloOptionsValidator().Validate(null, ServeCommand.OptionsOf(new ServeArguments(), configuration));
        Assert.True(result.Succeeded, result.FailureMessage);
    }

    /// <summary>Merge keys of YAML are compose's to resolve: the shared settings are written out where they are merged.</summary>
    private static string Merged(string yaml)
    {
        var shared = Manifests.Read(yaml).Single()["x-settings"]!.AsObject();
        var pairs = string.Join(", ", shared.Select(static p => $"{p.Key}: \"{p.Value}\""));
        return yaml.Replace("<<: *settings", pairs, StringComparison.Ordinal).Replace("    <<: *silo\n", "", StringComparison.Ordinal);
    }

    [GeneratedRegex(@"(?:^ENV | )(GRID_[A-Z_0-9]+)=")]
    private static partial Regex Variable();
}
