using System.Text.Json;
using System.Text.Json.Serialization;

namespace Grid.Client.Wire;

/// <summary>
/// The JSON contracts of the HTTP doors, shared by SDK and silo. snake_case names; members without a value are left out.
/// A reader skips members it does not know, so that an older SDK reads a newer silo's answers.
/// </summary>
[JsonSourceGenerationOptions(
    PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower,
    DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull)]
[JsonSerializable(typeof(AppendAnswerBody))]
[JsonSerializable(typeof(AppendBody))]
[JsonSerializable(typeof(ArtifactFileBody))]
[JsonSerializable(typeof(ClusterBody))]
[JsonSerializable(typeof(CreateTenantBody))]
[JsonSerializable(typeof(DeliveryAnswerBody))]
[JsonSerializable(typeof(DeliveryBody))]
[JsonSerializable(typeof(DeliveryEventBody))]
[JsonSerializable(typeof(ErrorBody))]
[JsonSerializable(typeof(EventAnswerBody))]
[JsonSerializable(typeof(EventBody))]
[JsonSerializable(typeof(FeatureBody))]
[JsonSerializable(typeof(FeatureReadingBody))]
[JsonSerializable(typeof(InferAnswerBody))]
[JsonSerializable(typeof(InferBody))]
[JsonSerializable(typeof(InferErrorBody))]
[JsonSerializable(typeof(InferOutputBody))]
[JsonSerializable(typeof(LiveBody))]
[JsonSerializable(typeof(MarksBody))]
[JsonSerializable(typeof(ModelBody))]
[JsonSerializable(typeof(ModelsBody))]
[JsonSerializable(typeof(OutcomeBody))]
[JsonSerializable(typeof(OutcomesAnswerBody))]
[JsonSerializable(typeof(OutcomesBody))]
[JsonSerializable(typeof(PredictBody))]
[JsonSerializable(typeof(PredictItemBody))]
[JsonSerializable(typeof(PredictManyAnswerBody))]
[JsonSerializable(typeof(PredictManyBody))]
[JsonSerializable(typeof(PredictionBody))]
[JsonSerializable(typeof(ProblemBody))]
[JsonSerializable(typeof(ReplicaBody))]
[JsonSerializable(typeof(ShardBody))]
[JsonSerializable(typeof(SiloBody))]
[JsonSerializable(typeof(StreamPartitionBody))]
[JsonSerializable(typeof(StreamsBody))]
[JsonSerializable(typeof(TenantBody))]
[JsonSerializable(typeof(TenantsBody))]
[JsonSerializable(typeof(TensorBody))]
[JsonSerializable(typeof(TensorSpecBody))]
[JsonSerializable(typeof(VersionBody))]
[JsonSerializable(typeof(ViewsBody))]
[JsonSerializable(typeof(CanaryBody))]
[JsonSerializable(typeof(ComparisonBody))]
[JsonSerializable(typeof(ExperimentBody))]
[JsonSerializable(typeof(HistoryBody))]
[JsonSerializable(typeof(RolloutStatusBody))]
[JsonSerializable(typeof(StepRequestBody))]
[JsonSerializable(typeof(TagBody))]
[JsonSerializable(typeof(string))]
[JsonSerializable(typeof(double))]
public sealed partial class WireContext : JsonSerializerContext;
