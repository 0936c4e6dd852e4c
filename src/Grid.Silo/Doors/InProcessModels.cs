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

    public async ValueTask DownloadAsync(string model, string version, string file, string path, CancellationToken cancellationToken)
    {
        var found = (await GetVersionAsync(model, version, cancellationToken)).RequireFile(file);
        await using var content = await artifacts.OpenAsync(found, cancellationToken);
        await FileDownload.ToFileAsync($"file '{file}' of version '{version}' of model '{model}'", found.Digest, path, target => target.CopyAsync(content, cancellationToken), cancellationToken);
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

    public async ValueTask<RolloutStatus> GetRolloutAsync(string model, CancellationToken cancellationToken) =>
        await DoorErrors.TranslateAsync(grains.GetGrain<IRolloutGrain>($"{workspace}/{GridNames.Require("model", model)}").GetAsync(), cancellationToken);

    public async ValueTask<RolloutHistory> GetHistoryAsync(string model, CancellationToken cancellationToken) =>
        await DoorErrors.TranslateAsync(Model(model).GetHistoryAsync(), cancellationToken);

    public async ValueTask<ModelInfo> SetCanaryAsync(string model, Canary canary, CancellationToken cancellationToken) =>
        await DoorErrors.TranslateAsync(Model(model).SetCanaryAsync(canary, cancellationToken), cancellationToken);

    public async ValueTask<ModelInfo> SetExperimentAsync(string model, Experiment experiment, CancellationToken cancellationToken) =>
        await DoorErrors.TranslateAsync(Model(model).SetExperimentAsync(experiment, cancellationToken), cancellationToken);

    public async ValueTask<ModelInfo> SetShadowAsync(string model, string version, bool isShadow, CancellationToken cancellationToken) =>
        await DoorErrors.TranslateAsync(Model(model).SetShadowAsync(version, isShadow, cancellationToken), cancellationToken);

    public async ValueTask<ModelInfo> PromoteAsync(string model, string? version, string? reason, CancellationToken cancellationToken) =>
        await DoorErrors.TranslateAsync(Model(model).PromoteAsync(version is null ? null : GridNames.Require("version", version), reason, cancellationToken), cancellationToken);

    public async ValueTask<ModelInfo> RollbackAsync(string model, string? reason, CancellationToken cancellationToken) =>
        await DoorErrors.TranslateAsync(Model(model).RollbackAsync(reason, cancellationToken), cancellationToken);

    public async ValueTask<ModelInfo> SetAliasAsync(string model, string alias, string? version, CancellationToken cancellationToken) =>
        await DoorErrors.TranslateAsync(Model(model).SetAliasAsync(alias, version, cancellationToken), cancellationToken);

    public async ValueTask<ModelInfo> SetTagAsync(string model, string? version, string tag, string? value, CancellationToken cancellationToken) =>
        await DoorErrors.TranslateAsync(Model(model).SetTagAsync(version, tag, value, cancellationToken), cancellationToken);

    private IModelGrain Model(string model) => grains.GetGrain<IModelGrain>($"{workspace}/{GridNames.Require("model", model)}");

    private IModelVersionGrain Version(string model, string version) =>
        grains.GetGrain<IModelVersionGrain>($"{workspace}/{GridNames.Require("model", model)}/{GridNames.Require("version", version)}");
}
