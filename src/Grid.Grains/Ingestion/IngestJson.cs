using System.Text.Json.Serialization;

namespace Grid.Grains.Ingestion;

/// <summary>What a reader keeps beside its frontier. Unknown members are kept out: an older silo must fail by name, not route by half of what it was told.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(RoutingEntry[]))]
[JsonSerializable(typeof(MappingEntry))]
internal sealed partial class IngestJson : JsonSerializerContext;
