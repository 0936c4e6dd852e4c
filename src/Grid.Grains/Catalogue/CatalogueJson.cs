using System.Text.Json.Serialization;

namespace Grid.Grains.Catalogue;

/// <summary>The JSON of catalogue entries. Unknown members are kept out: a silo that is older than the entry must fail by name, not lose fields.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(TenantEntry))]
[JsonSerializable(typeof(ViewsEntry))]
[JsonSerializable(typeof(ModelEntry))]
[JsonSerializable(typeof(VersionEntry))]
[JsonSerializable(typeof(ReplicasEntry))]
[JsonSerializable(typeof(Grid.Abstractions.Lineage))]
internal sealed partial class CatalogueJson : JsonSerializerContext;
