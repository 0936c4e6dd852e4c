using System.Text.Json.Serialization;

namespace Grid.Grains.Predictions;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(DatasetEntry))]
internal sealed partial class DatasetJson : JsonSerializerContext;
