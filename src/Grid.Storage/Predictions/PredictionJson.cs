using System.Text.Json.Serialization;

namespace Grid.Storage.Predictions;

[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UseStringEnumConverter = true, DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(string[]), TypeInfoPropertyName = "StringArray")]
[JsonSerializable(typeof(PredictionGap[]), TypeInfoPropertyName = "Gaps")]
[JsonSerializable(typeof(Dictionary<string, string>), TypeInfoPropertyName = "Texts")]
internal sealed partial class PredictionJson : JsonSerializerContext;
