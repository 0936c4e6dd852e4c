using System.Collections.Immutable;
using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Grid.Inference.Repository;
using Grid.Inference.Signatures;
using Grid.Primitives;

namespace Grid.Inference.Manifests;

/// <summary>
/// What the columns of a version's inputs are, what its outputs mean, and its limits: the content of <c>model.yaml</c>. Immutable.
/// Two manifests are the same where their <see cref="Digest"/>s are.
/// </summary>
public sealed record ModelManifest
{
    /// <summary>Longest text of a manifest, in bytes; thousands of columns fit.</summary>
    public const int MaxTextBytes = 1 << 20;

    /// <summary>Generated code would set every property, and so take the defaults away from those that a text leaves out.</summary>
    private static readonly JsonSerializerOptions Reading = new(ManifestJson.Default.Options) { TypeInfoResolver = new DefaultJsonTypeInfoResolver(), Converters = { new JsonStringEnumConverter() } };

    /// <summary>What the model predicts, for people; null where not said.</summary>
    public string? Description { get; init; }

    /// <summary>What fills each ONNX input; empty for a model that is asked by tensors alone.</summary>
    public ImmutableArray<ManifestInput> Inputs { get; init; } = [];

    /// <summary>The values of an answer; empty: every numeric ONNX output under its own name.</summary>
    public ImmutableArray<ManifestOutput> Outputs { get; init; } = [];

    public ManifestLimits Limits { get; init; } = new();

    /// <summary>What the version must hold to while it is on trial; null where nothing watches it.</summary>
    public ManifestGuards? Guards { get; init; }

    /// <summary>How many replicas it has, and where; null where it has one wherever it is called. Reads null again where it says only what is the default.</summary>
    public ManifestReplicas? Replicas { get; init => field = value is { IsDefault: true } ? null : value; }

    /// <summary>File with the statistics of the training set, inside the version's folder; null where there is none.</summary>
    public string? Baseline { get; init; }

    /// <summary>True where answers from a state whose owner could not confirm itself for long are better than none. Default false.</summary>
    public bool AllowStaleReads { get; init; }

    /// <summary>True where the model understands NaN and infinity in its inputs. Default false: they are refused by column.</summary>
    public bool AllowNan { get; init; }

    /// <summary>Threads of one run. Default 1, right for all but large models; 1 to 64.</summary>
    public int Threads { get; init; } = 1;

    /// <summary>Share of the predictions that is logged with its vector, 0 to 1; null leaves it to the silo.</summary>
    public double? LogShare { get; init; }

    /// <summary>When its monitor speaks up; null where that is the silos' to say. Reads null again where it says nothing.</summary>
    public ManifestMonitoring? Monitoring { get; init => field = value is { IsDefault: true } ? null : value; }

    /// <summary>When the model may be trained again while this version is live; null where that is the silos' to say. Reads null again where it says nothing.</summary>
    public ManifestRetraining? Retraining { get; init => field = value is { IsDefault: true } ? null : value; }

    /// <summary>SHA-256 of the canonical JSON: the same for manifests that mean the same, however they were written.</summary>
    public Digest Digest() => Primitives.Digest.Of(JsonSerializer.SerializeToUtf8Bytes(this, ManifestJson.Default.ModelManifest));

    /// <summary>Reads the YAML form.</summary>
    /// <param name="yaml">The text.</param>
    /// <param name="source">What to call it in errors, for example its file.</param>
    /// <exception cref="GridException">All mistakes at once, each with its path.</exception>
    public static ModelManifest Parse(string yaml, string source = ModelPackage.ManifestFileName) => new ManifestReader(source).Read(yaml);

    /// <summary>Writes the YAML form; reading it again gives a manifest with the same digest.</summary>
    public string ToYaml() => ManifestWriter.Write(this);

    public string ToJson() => JsonSerializer.Serialize(this, ManifestJson.Default.ModelManifest);

    /// <exception cref="GridException">The text is not the JSON that <see cref="ToJson"/> writes, or its values break their ranges.</exception>
    public static ModelManifest FromJson(string json)
    {
        ModelManifest? manifest;
        try
        {
            manifest = JsonSerializer.Deserialize<ModelManifest>(json, Reading);
        }
        catch (JsonException exception)
        {
            throw new GridException(GridError.Invalid("manifest", $"is no manifest in JSON: {exception.Message}"), exception);
        }

        var errors = manifest is null ? [GridError.Invalid("manifest", "is null.", "Give an object.")] : ManifestRules.CheckValues(manifest);
        return errors.Count == 0 ? manifest! : throw new GridException(errors);
    }

    /// <summary>Compares it with the model: every mistake, with its path and the fix; empty where it fits.</summary>
    /// <param name="signature">The model's inputs and outputs.</param>
    /// <param name="package">The version's files, to look for the baseline; null leaves that out.</param>
    public IReadOnlyList<GridError> Check(ModelSignature signature, ModelPackage? package = null) =>
        [.. ManifestRules.CheckValues(this), .. ManifestRules.CheckSignature(this, signature), .. ManifestRules.CheckFiles(this, package)];
}
