using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Grains.Rollouts;
using Grid.Primitives;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Grid.Grains.Models;

/// <inheritdoc cref="IModelGrain"/>
/// <remarks>Reentrant: a rollback must not queue behind a version that loads. The compare-and-swap of the entry is what orders changes.</remarks>
[GrainType("grid.model"), Reentrant]
internal sealed partial class ModelGrain : Grain, IModelGrain
{
    /// <summary>Each lost swap means that another change of this model got through; more than this many in a row are somebody in a loop.</summary>
    private const int MaxTries = 8;

    private readonly CatalogueReplica _replica;
    private readonly CatalogueWriter _writer;
    private readonly RolloutInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly ILogger<ModelGrain> _logger;
    private readonly ModelKey _key;

    public ModelGrain(CatalogueReplica replica, CatalogueWriter writer, RolloutInstruments instruments, TimeProvider time, ILogger<ModelGrain> logger)
    {
        _replica = replica;
        _writer = writer;
        _instruments = instruments;
        _time = time;
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
        var entry = await ReadAsync(cancellationToken);
        if (entry.Live == version && entry.Canary is null && entry.Experiment is null)
        {
            return Describe(_replica.Current);
        }

        await MakeReadyAsync([version], cancellationToken);
        return await ChangeAsync(current => RolloutChanges.Live(current, version, RolloutAction.Live, ByHand(null)), cancellationToken);
    }

    public async Task<ModelInfo> SetCanaryAsync(Canary canary, CancellationToken cancellationToken)
    {
        RolloutRules.Check(canary);

        // Asked of the entry as it is before a version is loaded for nothing; what counts is asked again at the swap.
        RolloutChanges.Canary(_key, await ReadAsync(cancellationToken), canary, ByHand(null));
        await MakeReadyAsync([canary.Version], cancellationToken);
        return await ChangeAsync(current => RolloutChanges.Canary(_key, current, canary, ByHand(null)), cancellationToken);
    }

    public async Task<ModelInfo> SetExperimentAsync(Experiment experiment, CancellationToken cancellationToken)
    {
        RolloutRules.Check(experiment);
        RolloutChanges.Experiment(_key, await ReadAsync(cancellationToken), experiment, ByHand(null));
        await MakeReadyAsync([.. experiment.Arms.Select(static arm => arm.Version).Distinct(StringComparer.Ordinal)], cancellationToken);
        return await ChangeAsync(current => RolloutChanges.Experiment(_key, current, experiment, ByHand(null)), cancellationToken);
    }

    public async Task<ModelInfo> PromoteAsync(string? version, string? reason, CancellationToken cancellationToken)
    {
        RolloutRules.CheckReason(reason);
        var wanted = version
            ?? (await ReadAsync(cancellationToken)).Canary?.Version
            ?? throw new GridError(GridErrorCode.FailedPrecondition, $"model '{_key.Model}'", "has no canary to promote.", "Name the version: grid models promote <model> <version>.").ToException();
        await MakeReadyAsync([wanted], cancellationToken);
        return await ChangeAsync(
            current => version is null && current.Canary?.Version != wanted
                ? throw CatalogueWriter.Contended($"model '{_key.Model}'")
                : RolloutChanges.Live(current, wanted, RolloutAction.Promote, ByHand(reason)),
            cancellationToken);
    }

    public async Task<ModelInfo> RollbackAsync(string? reason, CancellationToken cancellationToken)
    {
        RolloutRules.CheckReason(reason);
        var entry = await ReadAsync(cancellationToken);
        if (entry.Canary is null && entry.Experiment is null)
        {
            await MakeReadyAsync([RolloutChanges.Before(_key, entry)], cancellationToken);
        }

        var number = entry.Number;
        return await ChangeAsync(
            current => current.Number == number ? RolloutChanges.Rollback(_key, current, ByHand(reason)) : throw CatalogueWriter.Contended($"model '{_key.Model}'"),
            cancellationToken);
    }

    public async Task<ModelInfo> SetShadowAsync(string version, bool isShadow, CancellationToken cancellationToken)
    {
        GridNames.Require("version", version);
        RolloutChanges.Shadow(_key, await ReadAsync(cancellationToken), version, isShadow, ByHand(null));
        if (isShadow)
        {
            await MakeReadyAsync([version], cancellationToken);
        }

        return await ChangeAsync(current => RolloutChanges.Shadow(_key, current, version, isShadow, ByHand(null)), cancellationToken);
    }

    public async Task<ModelInfo> DecideAsync(RolloutDecision decision, CancellationToken cancellationToken)
    {
        var note = new RolloutNote(NowMs, IsAutomatic: true, decision.Reason, decision.Figures);
        return await ChangeAsync(
            current => current.Number == decision.Number ? Decide(current, decision, note) : current,
            cancellationToken);
    }

    public async Task<ModelInfo> SetAliasAsync(string alias, string? version, CancellationToken cancellationToken)
    {
        var snapshot = await _replica.PullAsync(cancellationToken);
        Require(snapshot);
        RequireVersion(snapshot, version);
        return await ChangeAsync(current => current with { Aliases = RolloutRules.With(current.Aliases, "alias", alias, version) }, cancellationToken);
    }

    public async Task<ModelInfo> SetTagAsync(string? version, string tag, string? value, CancellationToken cancellationToken)
    {
        var snapshot = await _replica.PullAsync(cancellationToken);
        Require(snapshot);
        RequireVersion(snapshot, version);
        return await ChangeAsync(
            current => version is null
                ? current with { Tags = RolloutRules.With(current.Tags, "tag", tag, value) }
                : current with { VersionTags = WithTag(current.VersionTags, version, tag, value) },
            cancellationToken);
    }

    public async Task<RolloutHistory> GetHistoryAsync()
    {
        var entry = await ReadAsync(CancellationToken.None);
        return new RolloutHistory(entry.Trail ?? [], entry.Lives ?? []);
    }

    public async Task<VersionInfo> RetireAsync(string version, CancellationToken cancellationToken)
    {
        var entry = await ReadAsync(cancellationToken);
        if (entry.InUse().Contains(version, StringComparer.Ordinal))
        {
            var isLive = entry.Live == version;
            throw new GridError(
                GridErrorCode.FailedPrecondition,
                $"version '{version}' of model '{_key.Model}'",
                isLive ? "is live and cannot be retired." : "is on trial and cannot be retired.",
                isLive ? "Make another version live first." : "End its trial first: grid models rollback <model>, or grid models shadow <model> <version> --off.").ToException();
        }

        return await Version(version).RetireAsync(cancellationToken);
    }

    public async Task<ModelInfo> GetAsync()
    {
        await ReadAsync(CancellationToken.None);
        return Describe(_replica.Current);
    }

    private long NowMs => _time.GetUtcNow().ToUnixTimeMilliseconds();

    private RolloutNote ByHand(string? reason) => new(NowMs, IsAutomatic: false, reason, []);

    private ModelEntry Decide(ModelEntry entry, RolloutDecision decision, RolloutNote note) => decision.Action switch
    {
        RolloutAction.Canary => RolloutChanges.Canary(
            _key,
            entry,
            entry.Canary is { } canary && canary.Version == decision.Version
                ? canary with { SharePercent = decision.SharePercent }
                : new Canary(decision.Version, decision.SharePercent, StickyBy.Entity, IsAutomatic: true),
            note),
        RolloutAction.Promote => RolloutChanges.Live(entry, decision.Version, RolloutAction.Promote, note),
        RolloutAction.Rollback => RolloutChanges.Rollback(_key, entry, note),
        RolloutAction.Unshadow => RolloutChanges.Shadow(_key, entry, decision.Version, isShadow: false, note),
        _ => throw new ArgumentOutOfRangeException(nameof(decision), decision.Action, "Guards take no such step."),
    };

    /// <summary>A version gets traffic only when it is ready everywhere it will be asked.</summary>
    private async Task MakeReadyAsync(string[] versions, CancellationToken cancellationToken)
    {
        foreach (var version in versions)
        {
            await Version(version).StageAsync(cancellationToken);
        }

        await Task.WhenAll(versions.Select(version => Version(version).WaitReadyAsync(cancellationToken)));
    }

    private async Task<ModelInfo> ChangeAsync(Func<ModelEntry, ModelEntry> change, CancellationToken cancellationToken)
    {
        for (var i = 0; i < MaxTries; i++)
        {
            var current = Require(await _replica.PullAsync(cancellationToken));
            var next = change(current.Entry);
            if (ReferenceEquals(next, current.Entry))
            {
                return Describe(_replica.Current);
            }

            if (await _writer.SwapAsync(CatalogueKinds.Model, _key.ToString(), current.Version, next, CatalogueJson.Default.ModelEntry, cancellationToken) is { } swapped)
            {
                if (next.Number != current.Entry.Number)
                {
                    var step = next.Trail![^1];
                    _instruments.Stepped(step);
                    LogStep(_key, step.Action, step.Version ?? "-", step.IsAutomatic, step.Reason ?? "-", next.Number, swapped.Revision);
                }

                return Describe(swapped);
            }
        }

        throw CatalogueWriter.Contended($"model '{_key.Model}'");
    }

    private static Dictionary<string, Dictionary<string, string>>? WithTag(Dictionary<string, Dictionary<string, string>>? tags, string version, string tag, string? value)
    {
        var next = new Dictionary<string, Dictionary<string, string>>(tags ?? [], StringComparer.Ordinal);
        if (RolloutRules.With(next.GetValueOrDefault(version), "tag", tag, value) is { } kept)
        {
            next[version] = kept;
        }
        else
        {
            next.Remove(version);
        }

        return next.Count == 0 ? null : next;
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

    private async Task<ModelEntry> ReadAsync(CancellationToken cancellationToken) => Require(await _replica.PullAsync(cancellationToken)).Entry;

    private Versioned<ModelEntry> Require(CatalogueSnapshot snapshot) =>
        snapshot.Models.TryGetValue(_key, out var model) ? model : throw ModelCatalogue.UnknownModel(_key, snapshot).ToException();

    private void RequireVersion(CatalogueSnapshot snapshot, string? version)
    {
        if (version is not null && new VersionKey(_key.Workspace, _key.Model, GridNames.Require("version", version)) is var key && !snapshot.Versions.ContainsKey(key))
        {
            throw ModelCatalogue.UnknownVersion(key, snapshot).ToException();
        }
    }

    private ModelInfo Describe(CatalogueSnapshot snapshot) => ModelCatalogue.Describe(_key, snapshot);

    [LoggerMessage(EventId = 2101, Level = LogLevel.Information, Message = "Model {Model}: {Action} of version {Version} (by the guards: {IsAutomatic}; reason: {Reason}) is rollout {Number}, as of catalogue revision {Revision}")]
    private partial void LogStep(ModelKey model, RolloutAction action, string version, bool isAutomatic, string reason, long number, long revision);
}
