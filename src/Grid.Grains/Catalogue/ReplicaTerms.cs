using Grid.Abstractions;
using Grid.Inference.Manifests;
using Grid.Primitives;

namespace Grid.Grains.Catalogue;

/// <summary>What a stored version says about its replicas.</summary>
internal static class ReplicaTerms
{
    /// <summary>Every manifest that has them is written by Grid and has this; the others need not be read.</summary>
    private const string Section = "\nreplicas:";

    /// <returns>Null where the version is to live wherever it is called, or is retired.</returns>
    public static ManifestReplicas? Of(VersionEntry version)
    {
        if (version.State == VersionState.Retired || version.Manifest is not { } yaml || !yaml.Contains(Section, StringComparison.Ordinal))
        {
            return null;
        }

        try
        {
            return ModelManifest.Parse(yaml).Replicas;
        }
        catch (GridException)
        {
            // A newer build wrote it. Each silo says so by name when it is to load the version.
            return null;
        }
    }
}
