using Orleans;

namespace Grid.Abstractions;

/// <summary>A prediction as the log has it. Immutable.</summary>
[GenerateSerializer, Immutable, Alias("grid.prediction-record")]
public sealed record PredictionRecord
{
    [Id(0)] public required string Id { get; init; }

    [Id(1)] public required string Tenant { get; init; }

    [Id(2)] public required string Entity { get; init; }

    /// <summary>The time its features were read as of, Unix milliseconds.</summary>
    [Id(3)] public required long AsOfMs { get; init; }

    /// <summary>When it was answered, Unix milliseconds.</summary>
    [Id(4)] public required long AnsweredMs { get; init; }

    [Id(5)] public required string Model { get; init; }

    [Id(6)] public required string Version { get; init; }

    /// <summary>Content digest of the version.</summary>
    [Id(7)] public required string Digest { get; init; }

    /// <summary>Digest of the feature views that its vector was read under.</summary>
    [Id(8)] public required string Views { get; init; }

    /// <summary>The catalogue revision that chose the version.</summary>
    [Id(9)] public required long Revision { get; init; }

    /// <summary>Time from the shard's taking it up to the answer, in microseconds.</summary>
    [Id(10)] public required int LatencyUs { get; init; }

    /// <summary>The trace it was part of, or empty.</summary>
    [Id(11)] public required string TraceId { get; init; }

    /// <summary>What computed it: build of the runtime and kind of processor.</summary>
    [Id(12)] public required string Runtime { get; init; }

    /// <summary>Names of the vector's columns: <c>view.feature</c>, or that of a request value.</summary>
    [Id(13)] public required string[] FeatureNames { get; init; }

    /// <summary>The vector that the model saw.</summary>
    [Id(14)] public required float[] Features { get; init; }

    /// <summary>Names of the outputs' values; an output of several values has a number behind each.</summary>
    [Id(15)] public required string[] OutputNames { get; init; }

    /// <summary>What the model said.</summary>
    [Id(16)] public required float[] Values { get; init; }
}
