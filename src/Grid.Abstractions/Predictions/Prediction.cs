using Grid.Primitives;
using Orleans;

namespace Grid.Abstractions;

/// <summary>An answer that names what computed it; or an error in <see cref="Error"/>.</summary>
[GenerateSerializer, Immutable, Alias("grid.prediction")]
public sealed record Prediction
{
    /// <summary>Encodes tenant, shard and time; outcomes are reported by it.</summary>
    [Id(0)] public string Id { get; init; } = "";

    [Id(1)] public string Model { get; init; } = "";

    [Id(2)] public string Version { get; init; } = "";

    /// <summary>Content digest of the version.</summary>
    [Id(3)] public string Digest { get; init; } = "";

    /// <summary>The catalogue revision that chose the version.</summary>
    [Id(4)] public long Revision { get; init; }

    [Id(5)] public string Entity { get; init; } = "";

    [Id(6)] public long AsOfMs { get; init; }

    [Id(7)] public OutputLayout Layout { get; init; } = Empty;

    /// <summary>All outputs, one after the other as <see cref="Layout"/> says.</summary>
    [Id(8)] public float[] Values { get; init; } = [];

    /// <summary>The vector that the model saw, if asked for.</summary>
    [Id(9)] public float[]? Features { get; init; }

    /// <summary>Where the features live: the base address of the owner's HTTP door, so that the next request for this entity can go straight there.</summary>
    [Id(10)] public string Owner { get; init; } = "";

    /// <summary>Milliseconds since the owner last confirmed that it owns the shard; 0 while that is within 5 s.</summary>
    [Id(11)] public long OwnershipAgeMs { get; init; }

    /// <summary>True where the model ran in the process that holds the features.</summary>
    [Id(12)] public bool Local { get; init; }

    [Id(13)] public GridError? Error { get; init; }

    /// <summary>Why this version answered: <c>live</c>, <c>canary</c>, the name of an experiment's arm, or <c>pinned</c> by the caller.</summary>
    [Id(20)] public string Arm { get; init; } = "";

    private static readonly OutputLayout Empty = new([], []);

    /// <summary>The values of one output.</summary>
    /// <exception cref="GridException">The version has no such output.</exception>
    public ReadOnlySpan<float> Output(string name)
    {
        var offset = 0;
        for (var i = 0; i < Layout.Names.Length; i++)
        {
            if (Layout.Names[i] == name)
            {
                return Values.AsSpan(offset, Layout.Lengths[i]);
            }

            offset += Layout.Lengths[i];
        }

        throw GridError.NotFound($"output '{name}'", $"is not an output of {Model} {Version}.", $"It has: {string.Join(", ", Layout.Names)}.").ToException();
    }

    /// <summary>The first value of one output.</summary>
    public float this[string output] => Output(output)[0];

    public static Prediction Failed(string model, string entity, GridError error) => new() { Model = model, Entity = entity, Error = error };
}
