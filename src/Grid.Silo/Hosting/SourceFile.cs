using Grid.Grains.Ingestion;
using Grid.Primitives;
using Grid.Streams.Kafka;
using YamlDotNet.Core;
using YamlDotNet.Serialization;
using YamlDotNet.Serialization.NamingConventions;

namespace Grid.Silo.Hosting;

/// <summary>A source as its YAML file says it. Names are snake_case; what is left out has the default of <see cref="IngestSourceOptions"/>.</summary>
internal sealed class SourceFile
{
    private static readonly IDeserializer Yaml = new DeserializerBuilder().WithNamingConvention(UnderscoredNamingConvention.Instance).WithDuplicateKeyChecking().Build();

    public string Source { get; set; } = "";

    public string Workspace { get; set; } = GridNames.DefaultWorkspace;

    public string Topic { get; set; } = "";

    public string? Identity { get; set; }

    /// <summary><c>earliest</c> or <c>latest</c>.</summary>
    public string From { get; set; } = "earliest";

    public string? DeadLetterTopic { get; set; }

    public int? ParkAfterSeconds { get; set; }

    public long? MaxKeptBytes { get; set; }

    public int? FrontierIntervalSeconds { get; set; }

    public KafkaConnectionOptions Connection { get; set; } = new();

    public SchemaRegistryOptions? SchemaRegistry { get; set; }

    public SourceMappingFile Mapping { get; set; } = new();

    /// <exception cref="GridException">The file cannot be read, or says something that is not known; the error names file and line.</exception>
    public static IngestSourceOptions Read(string path)
    {
        try
        {
            return Parse(File.ReadAllText(path), path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GridException(GridError.Invalid($"source file '{path}'", $"cannot be read: {e.Message}", "Correct the path or its permissions."), e);
        }
    }

    /// <inheritdoc cref="Read"/>
    internal static IngestSourceOptions Parse(string yaml, string path)
    {
        SourceFile file;
        try
        {
            file = Yaml.Deserialize<SourceFile?>(yaml) ?? throw GridError.Invalid($"source file '{path}'", "is empty.", "Say source, topic, connection and mapping.").ToException();
        }
        catch (YamlException e)
        {
            throw new GridException(
                GridError.Invalid($"source file '{path}' line {e.Start.Line}", $"cannot be read: {(e.InnerException ?? e).Message}", "See the README for what a source file says."),
                e);
        }

        return file.ToOptions($"source file '{path}'");
    }

    private IngestSourceOptions ToOptions(string path)
    {
        var options = new IngestSourceOptions
        {
            Name = Source,
            Workspace = Workspace,
            Topic = Topic,
            Identity = Identity,
            Connection = Connection,
            SchemaRegistry = SchemaRegistry,
            Mapping = Mapping.ToMapping($"{path}.mapping"),
            DeadLetterTopic = DeadLetterTopic,
            FromEarliest = From switch
            {
                "earliest" => true,
                "latest" => false,
                _ => throw GridError.Invalid($"{path}.from", $"is '{From}'.", "Use earliest or latest.").ToException(),
            },
        };
        options.ParkAfter = ParkAfterSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : options.ParkAfter;
        options.MaxKeptBytes = MaxKeptBytes ?? options.MaxKeptBytes;
        options.FrontierInterval = FrontierIntervalSeconds is { } interval ? TimeSpan.FromSeconds(interval) : options.FrontierInterval;
        return options;
    }
}
