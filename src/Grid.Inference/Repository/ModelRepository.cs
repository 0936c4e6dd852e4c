using System.Collections.Immutable;
using System.Globalization;
using Grid.Inference.Signatures;
using Grid.Primitives;

namespace Grid.Inference.Repository;

/// <summary>A folder of models in the layout of serving users: <c>model/version/model.onnx</c>, with an optional <c>model.yaml</c> and other files beside it.</summary>
public static class ModelRepository
{
    /// <summary>Finds all versions below a folder, reads their manifests, and checks them against their models.</summary>
    /// <exception cref="GridException">The folder itself cannot be read; what is wrong inside it is in the answer.</exception>
    public static async Task<RepositoryScan> ScanAsync(string folder, ModelPackageOptions? options = null, CancellationToken cancellationToken = default)
    {
        options ??= ModelPackageOptions.Default;
        if (!Directory.Exists(folder))
        {
            throw GridError.NotFound($"folder '{folder}'", "does not exist.", "Give the folder that holds <model>/<version>/model.onnx.").ToException();
        }

        var errors = new List<GridError>();
        var versions = new List<FoundVersion>();
        foreach (var model in Folders(folder))
        {
            if (GridNames.Check("model", model.Name) is { } badModel)
            {
                errors.Add(badModel with { Target = $"folder '{model.FullName}'" });
                continue;
            }

            var before = versions.Count + errors.Count;
            foreach (var version in Folders(model.FullName))
            {
                if (GridNames.Check("version", version.Name) is { } badVersion)
                {
                    errors.Add(badVersion with { Target = $"folder '{version.FullName}'" });
                    continue;
                }

                try
                {
                    versions.Add(await ReadAsync(model.Name, version, options, cancellationToken).ConfigureAwait(false));
                }
                catch (GridException exception)
                {
                    errors.AddRange(exception.Errors);
                }
            }

            if (versions.Count + errors.Count == before)
            {
                errors.Add(GridError.Invalid($"folder '{model.FullName}'", "has no version.", "Put the model into a folder named after its version: 1/model.onnx."));
            }
        }

        versions.Sort(Compare);
        return new RepositoryScan([.. versions], [.. errors]);
    }

    private static async Task<FoundVersion> ReadAsync(string model, DirectoryInfo version, ModelPackageOptions options, CancellationToken cancellationToken)
    {
        var package = await ModelPackage.FromFolderAsync(version.FullName, options, cancellationToken).ConfigureAwait(false);
        var signature = OnnxInspector.Inspect(package.ModelPath, options.MaxFileBytes);
        var manifest = await package.ReadManifestAsync(cancellationToken).ConfigureAwait(false);
        var errors = manifest?.Check(signature, package) ?? [];
        return errors.Count == 0
            ? new FoundVersion(model, version.Name, package, manifest)
            : throw new GridException([.. errors.Select(e => e with { Target = $"{Path.Combine(package.Folder, ModelPackage.ManifestFileName)}: {e.Target}" })]);
    }

    private static IEnumerable<DirectoryInfo> Folders(string folder) =>
        new DirectoryInfo(folder).EnumerateDirectories().Where(d => d.Name[0] != '.').OrderBy(d => d.Name, StringComparer.Ordinal);

    private static int Compare(FoundVersion a, FoundVersion b)
    {
        var byModel = string.CompareOrdinal(a.Model, b.Model);
        if (byModel != 0)
        {
            return byModel;
        }

        return long.TryParse(a.Version, NumberStyles.None, CultureInfo.InvariantCulture, out var x)
            && long.TryParse(b.Version, NumberStyles.None, CultureInfo.InvariantCulture, out var y)
                ? x.CompareTo(y)
                : string.CompareOrdinal(a.Version, b.Version);
    }
}
