using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Primitives;
using Microsoft.Extensions.Logging;

namespace Grid.Grains.Models;

/// <inheritdoc cref="IModelGrain"/>
[GrainType("grid.model")]
internal sealed partial class ModelGrain : Grain, IModelGrain
{
    private readonly CatalogueReplica _replica;
    private readonly CatalogueWriter _writer;
    private readonly ILogger<ModelGrain> _logger;
    private readonly ModelKey _key;

    public ModelGrain(CatalogueReplica replica, CatalogueWriter writer, ILogger<ModelGrain> logger)
    {
        _replica = replica;
        _writer = writer;
        _logger = logger;
        _key = ModelKey.Parse(this.GetPrimaryKeyString());
    }

    public async Task<VersionInfo> RegisterAsync(RegisterVersionRequest request, CancellationToken cancellationToken)
    {
        GridNames.Require("version", request.Version);

        // The version first: one that is refused must not leave an empty model behind. A crash in between is mended by registering again.
        var version = await Version(request.Version).RegisterAsync(request, cancellationToken);
        await EnsureModelAsync(cancellationToken);
        if (request.MakeLive)
        {
            await SetLiveAsync(request.Version, cancellationToken);
            version = await Version(request.Version).GetAsync();
        }

        return version;
    }

    public async Task<ModelInfo> SetLiveAsync(string version, CancellationToken cancellationToken)
    {
        var snapshot = await _replica.PullAsync(cancellationToken);
        var current = Require(snapshot);
        if (current.Entry.Live == version)
        {
            return Describe(snapshot);
        }

        // A version gets traffic only when it is ready everywhere it will be asked.
        var grain = Version(version);
        await grain.StageAsync(cancellationToken);
        await grain.WaitReadyAsync(cancellationToken);
        var swapped = await _writer.SwapAsync(
            CatalogueKinds.Model,
            _key.ToString(),
            current.Version,
            current.Entry with { Live = version },
            CatalogueJson.Default.ModelEntry,
            cancellationToken) ?? throw CatalogueWriter.Contended($"model '{_key.Model}'");
        LogLive(_key, version, current.Entry.Live ?? "none", swapped.Revision);
        return Describe(swapped);
    }

    public async Task<VersionInfo> RetireAsync(string version, CancellationToken cancellationToken)
    {
        var snapshot = await _replica.PullAsync(cancellationToken);
        if (Require(snapshot).Entry.Live == version)
        {
            throw new GridError(
                GridErrorCode.FailedPrecondition,
                $"version '{version}' of model '{_key.Model}'",
                "is live and cannot be retired.",
                "Make another version live first.").ToException();
        }

        return await Version(version).RetireAsync(cancellationToken);
    }

    public async Task<ModelInfo> GetAsync()
    {
        var snapshot = await _replica.PullAsync(CancellationToken.None);
        Require(snapshot);
        return Describe(snapshot);
    }

    private IModelVersionGrain Version(string version) => GrainFactory.GetGrain<IModelVersionGrain>($"{_key}/{version}");

    private async Task EnsureModelAsync(CancellationToken cancellationToken)
    {
        var snapshot = await _replica.PullAsync(cancellationToken);
        if (!snapshot.Models.ContainsKey(_key))
        {
            // Losing this race is fine: the entry is there, and that is all that was wanted.
            await _writer.SwapAsync(CatalogueKinds.Model, _key.ToString(), 0, new ModelEntry(Live: null), CatalogueJson.Default.ModelEntry, cancellationToken);
        }
    }

    private Versioned<ModelEntry> Require(CatalogueSnapshot snapshot) =>
        snapshot.Models.TryGetValue(_key, out var model) ? model : throw ModelCatalogue.UnknownModel(_key, snapshot).ToException();

    private ModelInfo Describe(CatalogueSnapshot snapshot) => ModelCatalogue.Describe(_key, snapshot);

    [LoggerMessage(EventId = 2101, Level = LogLevel.Information, Message = "Model {Model}: version {Version} is live, {Before} before, as of catalogue revision {Revision}")]
    private partial void LogLive(ModelKey model, string version, string before, long revision);
}
