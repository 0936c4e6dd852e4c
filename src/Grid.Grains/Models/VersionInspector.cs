using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Grains.Monitoring;
using Grid.Inference.Repository;
using Grid.Inference.Signatures;
using Grid.Primitives;

namespace Grid.Grains.Models;

/// <summary>Looks a version over before the catalogue names it: files against their digests, the ONNX graph, the manifest against both.</summary>
internal sealed class VersionInspector(VersionFolders folders, VersionPolicies policies)
{
    /// <exception cref="GridException">All that is wrong with the version; nothing has been registered.</exception>
    public Task<VersionEntry> InspectAsync(VersionKey key, RegisterVersionRequest request, long nowMs, CancellationToken cancellationToken) =>
        // Reading a large model would hold up the actor's turn, and with it everybody who asks for this version.
        Task.Run(() => InspectCoreAsync(key, request, nowMs, cancellationToken), cancellationToken);

    private async Task<VersionEntry> InspectCoreAsync(VersionKey key, RegisterVersionRequest request, long nowMs, CancellationToken cancellationToken)
    {
        var draft = new VersionEntry(request.Digest, VersionState.Registered, request.Files, [], [], Manifest: null, nowMs);
        var folder = await folders.EnsureAsync(draft, cancellationToken);
        var package = await ModelPackage.FromFolderAsync(folder, cancellationToken: cancellationToken);
        if (package.Digest.ToString() != request.Digest)
        {
            throw GridError.Invalid($"version '{key.Version}' of model '{key.Model}'", $"has the content digest {package.Digest}, not {request.Digest}.", "Push the folder again.").ToException();
        }

        var signature = OnnxInspector.Inspect(package.ModelPath);
        var manifest = await package.ReadManifestAsync(cancellationToken);
        if (manifest?.Check(signature, package) is { Count: > 0 } errors)
        {
            throw new GridException(errors);
        }

        if (manifest is not null && policies.Check(manifest).ToArray() is { Length: > 0 } clashes)
        {
            throw new GridException(clashes);
        }

        return draft with
        {
            Inputs = [.. signature.Inputs.Select(Describe)],
            Outputs = [.. signature.Outputs.Select(Describe)],
            Manifest = manifest?.ToYaml(),
            Lineage = await LineageFile.ReadAsync(package, cancellationToken),
        };
    }

    private static Abstractions.TensorSpec Describe(Inference.Signatures.TensorSpec spec) =>
        new(spec.Name, TensorElementTypes.NameOf(spec.ElementType), [.. spec.Dimensions]);
}
