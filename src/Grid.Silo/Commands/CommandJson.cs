using System.Text.Json.Serialization;

namespace Grid.Silo.Commands;

/// <summary>JSON that commands print and no door answers.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(TenantReport))]
[JsonSerializable(typeof(SendReport))]
internal sealed partial class CommandJson : JsonSerializerContext;
