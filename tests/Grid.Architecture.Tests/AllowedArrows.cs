namespace Grid.Architecture.Tests;

/// <summary>
/// Which way references point. An entry is a promise to callers: what is below it in the tree can be built, tested and shipped without what is above.
/// </summary>
internal static class AllowedArrows
{
    /// <summary>Projects of <c>src</c> and what each may reference directly. A project that is not here fails until somebody decides its place.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> Projects = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Grid.Primitives"] = [],
        ["Grid.Abstractions"] = ["Grid.Primitives"],
        ["Grid.Client"] = ["Grid.Abstractions", "Grid.Primitives"],
        ["Grid.Features"] = ["Grid.Primitives"],
        ["Grid.Inference"] = ["Grid.Primitives"],
        ["Grid.Monitoring"] = ["Grid.Primitives"],
        ["Grid.Storage"] = ["Grid.Primitives"],
        ["Grid.Streams.Kafka"] = ["Grid.Primitives"],
        ["Grid.Grains"] = ["Grid.Abstractions", "Grid.Primitives", "Grid.Features", "Grid.Inference", "Grid.Monitoring", "Grid.Storage", "Grid.Streams.Kafka"],
        ["Grid.Train"] = ["Grid.Client", "Grid.Abstractions", "Grid.Primitives"],
        ["Grid.Silo"] =
        [
            "Grid.Primitives", "Grid.Abstractions", "Grid.Client", "Grid.Features", "Grid.Inference", "Grid.Monitoring", "Grid.Storage", "Grid.Streams.Kafka", "Grid.Grains",

            // `grid demo` runs the sample inside the silo's own process.
            "Grid.Samples.Flights",
        ],
    };

    /// <summary>Packages behind a wall, by name or by prefix ending in a star, and the only projects of <c>src</c> that may reference them.</summary>
    public static readonly IReadOnlyDictionary<string, string[]> PackageWalls = new Dictionary<string, string[]>(StringComparer.Ordinal)
    {
        ["Microsoft.ML.OnnxRuntime*"] = ["Grid.Inference"],
        ["Microsoft.Data.Sqlite*"] = ["Grid.Storage"],
        ["Npgsql*"] = ["Grid.Storage"],
        ["dbup*"] = ["Grid.Storage"],
        ["LightGBM"] = ["Grid.Train"],
        ["Confluent.*"] = ["Grid.Streams.Kafka"],
        ["Apache.Avro"] = ["Grid.Streams.Kafka"],
        ["Parquet*"] = ["Grid.Monitoring", "Grid.Storage", "Grid.Train"],
        ["CloudNative.CloudEvents*"] = ["Grid.Monitoring"],
        ["Microsoft.Orleans.Server"] = ["Grid.Grains", "Grid.Silo"],
        ["Microsoft.Orleans.Runtime"] = ["Grid.Grains", "Grid.Silo"],
        ["prometheus-net*"] = ["Grid.Silo"],
        ["System.CommandLine"] = ["Grid.Silo", "Grid.Train"],
        ["Spectre.Console*"] = ["Grid.Silo"],

        // The four engine rooms know no grain: the floor brings them attributes and serializers, and nothing else of Orleans.
        ["Microsoft.Orleans.Sdk"] = ["Grid.Abstractions", "Grid.Streams.Kafka", "Grid.Grains", "Grid.Silo"],
        ["Microsoft.Orleans.Streaming"] = ["Grid.Streams.Kafka", "Grid.Grains", "Grid.Silo"],
        ["Microsoft.Orleans.Clustering.*"] = ["Grid.Silo"],

        // Tools of tests never reach what is shipped.
        ["Microsoft.Orleans.TestingHost"] = [],
        ["xunit*"] = [],
        ["CsCheck"] = [],
        ["BenchmarkDotNet*"] = [],
    };

    /// <summary>What nobody who loads the SDK may load with it, through any number of arrows.</summary>
    public static readonly IReadOnlyList<string> NeverInClient =
    [
        "Grid.Grains", "Grid.Silo", "Grid.Features", "Grid.Inference", "Grid.Monitoring", "Grid.Storage", "Grid.Streams.Kafka",
        "Microsoft.ML.OnnxRuntime", "Microsoft.Data.Sqlite", "Confluent.Kafka", "Microsoft.Orleans.Server", "Microsoft.Orleans.Runtime",
    ];
}
