using System.Text.Json.Serialization;
using Grid.Train.Baselines;
using Grid.Train.Packages;

namespace Grid.Train;

[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    WriteIndented = true,
    UseStringEnumConverter = true,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(ModelBaseline))]
[JsonSerializable(typeof(ModelCard))]
[JsonSerializable(typeof(LineageRecord))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(string[]), TypeInfoPropertyName = "StringArray")]
internal sealed partial class TrainJson : JsonSerializerContext;
