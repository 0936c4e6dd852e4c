using Orleans;

namespace Grid.Abstractions;

/// <summary>An input or output as the ONNX file declares it; -1 for a dynamic dimension.</summary>
[GenerateSerializer, Immutable, Alias("grid.tensor-spec")]
public sealed record TensorSpec([property: Id(0)] string Name, [property: Id(1)] string DataType, [property: Id(2)] long[] Shape);
