using Grid.Abstractions;
using Grid.Client;
using Grid.Grains.Catalogue;
using Grid.Grains.Models;
using Grid.Inference.Repository;
using Grid.Primitives;
using Grid.Storage;

namespace Grid.Silo.Doors;

internal sealed class InProcessModels(string workspace, IGrainFactory grains, CatalogueReplica catalogue, IArtifactStore artifacts) : IGridModels
{
    public async ValueTask<IReadOnlyList<ModelInfo>> ListAsync(CancellationToken cancellationToken)
    {
        var snapshot = await catalogue.PullAsync(cancellationToken);
        return
        [
            .. snapshot.Models.Keys
                .Where(key => key.Workspace == workspace)
                .OrderBy(key => key.Model, StringComparer.Ordinal)
                .Select(key => ModelCatalogue.Describe(key, snapshot)),
        ];
    }

    public async ValueTask<ModelInfo> GetAsync(string model, CancellationToken cancellationToken) =>
        await DoorErrors.TranslateAsync(Model(model).GetAsync(), cancellationToken);

    public async ValueTask<VersionInfo> GetVersionAsync(string model, string version, CancellationToken cancellationToken) =>
        await DoorErrors.TranslateAsync(Version(model, version).GetAsync(), cancellationToken);

    public async ValueTask<VersionInfo> PushAsync(string model, string version, string folder, bool makeLive, CancellationToken cancellationToken)
    {
        GridNames.Require("version", version);
        var grain = Model(model);
        var package = await ModelPackage.FromFolderAsync(folder, cancellationToken: cancellationToken);
        var files = new List<ArtifactFile>();
        foreach (var file in package.Files)
        {
            await using var content = File.OpenRead(Path.Combine(package.Folder, file.Name));
            var stored = await artifacts.PutAsync(content, file.Bytes, cancellationToken);
            files.Add(new ArtifactFile(file.Name, stored.Digest.ToString(), stored.SizeBytes));
        }

        var request = new RegisterVersionRequest(version, package.Digest.ToString(), [.. files], makeLive);
        return await DoorErrors.TranslateAsync(grain.RegisterAsync(request, cancellationToken), cancellationToken);
    }

    public async ValueTask<ModelInfo> SetLiveAsync(string model, string version, CancellationToken cancellationToken)
    {
        GridNames.Require("version", version);
        return await DoorErrors.TranslateAsync(Model(model).SetLiveAsync(version, cancellationToken), cancellationToken);
    }

    public async ValueTask<VersionInfo> RetireAsync(string model, string version, CancellationToken cancellationToken)
    {
        GridNames.Require("version", version);
        return await DoorErrors.TranslateAsync(Model(model).RetireAsync(version, cancellationToken), cancellationToken);
    }

    private IModelGrain Model(string model) => grains.GetGrain<IModelGrain>($"{workspace}/{GridNames.Require("model", model)}");

    private IModelVersionGrain Version(string model, string version) =>
        grains.GetGrain<IModelVersionGrain>($"{workspace}/{GridNames.Require("model", model)}/{GridNames.Require("version", version)}");
}
