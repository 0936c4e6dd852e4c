using System.Text.Json.Serialization;

namespace Grid.Grains.Monitoring;

/// <summary>The JSON of stored monitors. Unknown members are refused: a silo that is older than the document must fail by name, not lose fields.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(MonitorDocument))]
internal sealed partial class MonitorJson : JsonSerializerContext;
