using System.Globalization;
using Grid.Grains.Shards;
using Grid.Inference.Hosting;
using Grid.Inference.Tensors;
using Grid.Primitives;
using Grid.Storage.Predictions;

namespace Grid.Grains.Predictions;

/// <summary>How the predictions of one version under one generation of the views are logged. Immutable.</summary>
/// <param name="Layout">What they have in common.</param>
/// <param name="Share">The share of them that is logged.</param>
internal sealed record RecordedVector(PredictionLayout Layout, double Share)
{
    /// <summary>Bytes of what all their records in a topic have, roughly.</summary>
    public int TopicBytes { get; } = TopicRecord.BytesOf(Layout);

    public static RecordedVector Of(VersionKey version, BoundVector vector, PredictionShares shares) => new(
        new PredictionLayout(
            version,
            vector.Digest,
            vector.Inputs.Length > 0 ? vector.Inputs[0].Plan.Generation.ToString() : "",
            Distinct([.. vector.Inputs.SelectMany(static input => input.Columns).Select(static column => column.Name)]),
            PredictionLayout.NameOutputs(vector.Layout.Names, vector.Layout.Lengths),
            InferenceRuntime.Description),
        shares.Of(version.ModelKey, vector.LogShare));

    /// <summary>For requests by tensors, whose vectors no views were read for.</summary>
    public static RecordedVector Of(in Replica replica, PredictionShares shares) => new(
        new PredictionLayout(
            replica.Key,
            replica.Digest.ToString(),
            Views: "",
            Distinct(TensorRows.ColumnsOf(replica)),
            PredictionLayout.NameOutputs(replica.OutputNames, TensorRows.WidthsOf(replica)),
            InferenceRuntime.Description),
        shares.Of(replica.Key.ModelKey, replica.Manifest?.LogShare));

    /// <summary>Two inputs of a model may ask for the same column; a column of the log has a name of its own.</summary>
    private static string[] Distinct(string[] names)
    {
        var seen = new Dictionary<string, int>(StringComparer.Ordinal);
        return Array.ConvertAll(names, name => (seen[name] = seen.GetValueOrDefault(name) + 1) is > 1 and var count ? string.Create(CultureInfo.InvariantCulture, $"{name}#{count}") : name);
    }
}
