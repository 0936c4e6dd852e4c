using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.Serialization;

namespace Grid.Deployment.Tests.Support;

/// <summary>The objects of an overlay as the cluster would get them.</summary>
internal static class Manifests
{
    public static readonly string[] Overlays = ["single-node", "production", "development"];

    private static readonly IDeserializer Yaml = new DeserializerBuilder().WithAttemptingUnquotedStringTypeDeserialization().Build();
    private static readonly ISerializer Json = new SerializerBuilder().JsonCompatible().Build();

    public static async Task<JsonNode[]> BuildAsync(string overlay)
    {
        Tool.Require("kubectl", "overlays are built with its kustomize (1.27 or later)");
        var (exitCode, output, errors) = await Tool.RunAsync("kubectl", ["kustomize", $"k8s/overlays/{overlay}"]);
        Assert.SkipWhen(exitCode != 0 && errors.Contains("unknown field", StringComparison.Ordinal), $"This kubectl is too old for the overlays: {errors}");
        Assert.True(exitCode == 0 && errors.Length == 0, errors);
        return Read(output);
    }

    public static JsonNode[] Read(string yaml)
    {
        var documents = new List<JsonNode>();
        var parser = new Parser(new StringReader(yaml));
        parser.Consume<StreamStart>();
        while (parser.Accept<DocumentStart>(out _))
        {
            documents.Add(JsonNode.Parse(Json.Serialize(Yaml.Deserialize(parser)))!);
        }

        return [.. documents];
    }

    public static JsonNode Single(this IEnumerable<JsonNode> objects, string kind, string name) =>
        objects.Single(o => o.Text("kind") == kind && (o["metadata"]!.Text("name") == name || o["metadata"]!.Text("name").StartsWith($"{name}-", StringComparison.Ordinal)));

    public static JsonNode Silo(this IEnumerable<JsonNode> objects) => objects.Single(static o => o.Text("kind") == "Deployment" && o["metadata"]!.Text("name") == "grid")["spec"]!["template"]!["spec"]!;

    public static JsonNode Container(this JsonNode pod) => pod["containers"]!.AsArray().Single()!;

    public static string Text(this JsonNode node, string name) => node[name]!.ToString();

    /// <summary>Names and values that the silo's container starts with; what the cluster fills in stands as <c>&lt;from&gt;</c>.</summary>
    public static Dictionary<string, string> Environment(this JsonNode[] objects)
    {
        var settings = objects.Single("ConfigMap", "grid-settings")["data"]!.AsObject().ToDictionary(static p => p.Key, static p => p.Value!.ToString());
        foreach (var variable in objects.Silo().Container()["env"]!.AsArray())
        {
            settings[variable!.Text("name")] = variable!["value"]?.ToString() ?? "<from>";
        }

        return settings;
    }
}
