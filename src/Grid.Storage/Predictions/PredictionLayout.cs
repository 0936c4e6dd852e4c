using Grid.Primitives;

namespace Grid.Storage.Predictions;

/// <summary>What all predictions of one version under one set of views have in common. One object for each; never mutated.</summary>
/// <param name="Version">Workspace, model and version.</param>
/// <param name="Digest">Content digest of the version.</param>
/// <param name="Views">Digest of the views that the vector was read under.</param>
/// <param name="Features">Names of the vector's columns, in order: <c>view.feature</c>, or the name of a request value.</param>
/// <param name="Outputs">Names of the outputs' values, in order; an output of several values has a number behind each.</param>
/// <param name="Runtime">What computed it: build of the runtime and kind of processor.</param>
public sealed record PredictionLayout(VersionKey Version, string Digest, string Views, string[] Features, string[] Outputs, string Runtime)
{
    /// <summary>Names for outputs of the given lengths.</summary>
    public static string[] NameOutputs(IReadOnlyList<string> names, IReadOnlyList<int> lengths) =>
        [.. names.SelectMany((name, i) => lengths[i] == 1 ? [name] : Enumerable.Range(0, lengths[i]).Select(at => string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{name}.{at}")))];

    /// <summary>Vectors of the two mean the same, column by column.</summary>
    public bool HasFeaturesOf(PredictionLayout other) => Features.AsSpan().SequenceEqual(other.Features);
}
