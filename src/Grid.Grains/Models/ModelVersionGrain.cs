using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Grains.Gossip;
using Grid.Grains.Replicas;
using Grid.Primitives;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Grid.Grains.Models;

/// <inheritdoc cref="IModelVersionGrain"/>
/// <remarks>Reentrant: reports of silos arrive while a caller waits for them.</remarks>
[GrainType("grid.model-version"), Reentrant]
internal sealed partial class ModelVersionGrain : Grain, IModelVersionGrain
{
    /// <summary>Each lost swap means that another change got through; a version has two changes of state in its life.</summary>
    private const int MaxTries = 4;

    private readonly CatalogueReplica _replica;
    private readonly CatalogueWriter _writer;
    private readonly VersionInspector _inspector;
    private readonly ReplicaPlans _plans;
    private readonly ClusterView _view;
    private readonly TimeProvider _time;
    private readonly ILogger<ModelVersionGrain> _logger;
    private readonly VersionKey _key;
    private readonly Dictionary<string, ReplicaReport> _reports = new(StringComparer.Ordinal);
    private TaskCompletionSource _reported = new(TaskCreationOptions.RunContinuationsAsynchronously);

    public ModelVersionGrain(
        CatalogueReplica replica,
        CatalogueWriter writer,
        VersionInspector inspector,
        ReplicaPlans plans,
        ClusterView view,
        TimeProvider time,
        ILogger<ModelVersionGrain> logger)
    {
        _replica = replica;
        _writer = writer;
        _inspector = inspector;
        _plans = plans;
        _view = view;
        _time = time;
        _logger = logger;
        _key = VersionKey.Parse(this.GetPrimaryKeyString());
    }

    private string Target => $"version '{_key.Version}' of model '{_key.Model}'";

    public async Task<VersionInfo> RegisterAsync(RegisterVersionRequest request, CancellationToken cancellationToken)
    {
        var snapshot = await _replica.PullAsync(cancellationToken);
        if (snapshot.Versions.TryGetValue(_key, out var existing))
        {
            return SameBytes(existing.Entry, request, snapshot);
        }

        var entry = await _inspector.InspectAsync(_key, request, _time.GetUtcNow().ToUnixTimeMilliseconds(), cancellationToken);
        var swapped = await _writer.SwapAsync(CatalogueKinds.Version, _key.ToString(), 0, entry, CatalogueJson.Default.VersionEntry, cancellationToken);
        if (swapped is null)
        {
            // Another holder of this actor registered the name at the same time; what counts is whose bytes are there now.
            snapshot = _replica.Current;
            return SameBytes(Require(snapshot).Entry, request, snapshot);
        }

        LogRegistered(_key, entry.Digest, swapped.Revision);
        return Describe(entry, swapped);
    }

    public async Task StageAsync(CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                var snapshot = await _replica.PullAsync(cancellationToken);
                var current = Require(snapshot);
                if (current.Entry.State == VersionState.Retired)
                {
                    throw ModelCatalogue.Retired(_key).ToException();
                }

                // The plan first: a version that is staged without one would be wanted nowhere.
                if (IsWantedNowhere(snapshot))
                {
                    await PlanAsync(snapshot, current.Entry, cancellationToken);
                }

                if (current.Entry.State == VersionState.Registered)
                {
                    await SetStateAsync(current, VersionState.Staged, cancellationToken);
                }

                return;
            }
            catch (GridException e) when (e.Error.Code == GridErrorCode.Conflict && attempt < MaxTries)
            {
                // Silos that start together all stage what they find: whoever lost looks again, and finds it staged.
            }
        }
    }

    public async Task<VersionInfo> RetireAsync(CancellationToken cancellationToken)
    {
        var snapshot = await _replica.PullAsync(cancellationToken);
        var current = Require(snapshot);
        if (current.Entry.State != VersionState.Retired)
        {
            snapshot = await SetStateAsync(current, VersionState.Retired, cancellationToken);
        }

        return Describe(snapshot.Versions[_key].Entry, snapshot);
    }

    public async Task<VersionInfo> GetAsync()
    {
        var snapshot = await _replica.PullAsync(CancellationToken.None);
        return Describe(Require(snapshot).Entry, snapshot);
    }

    public Task ReportAsync(ReplicaReport report)
    {
        _reports[report.Silo] = report;
        var reported = _reported;
        _reported = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        reported.SetResult();
        return Task.CompletedTask;
    }

    public async Task WaitReadyAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            var reported = _reported.Task;
            var snapshot = _replica.Current;
            if (IsWantedNowhere(snapshot))
            {
                // The silos that it was planned for are gone.
                await StageAsync(cancellationToken);
                snapshot = _replica.Current;
            }

            // All of them are looked at: one that failed ends the wait, whoever else is slow.
            if (WantedSilos(snapshot).Where(silo => !IsReady(silo)).ToArray() is [])
            {
                return;
            }

            await reported.WaitAsync(cancellationToken);
        }
    }

    /// <summary>The active silos that shall hold it: all of them, unless its manifest says otherwise.</summary>
    private IEnumerable<string> WantedSilos(CatalogueSnapshot snapshot) =>
        _view.Active.Where(member => snapshot.IsWantedOn(_key, member.Name)).Select(static member => member.SiloAddress.ToParsableString());

    /// <summary>It has no plan yet, has left memory because nobody asked for it, or the silos of its plan are gone.</summary>
    private bool IsWantedNowhere(CatalogueSnapshot snapshot) => snapshot.Placed.ContainsKey(_key) && !WantedSilos(snapshot).Any();

    private async Task PlanAsync(CatalogueSnapshot snapshot, VersionEntry entry, CancellationToken cancellationToken)
    {
        var terms = snapshot.Placed[_key];
        var silos = FirstReplicas.Choose(_key.ToString(), terms, entry.Files.Sum(static file => file.Bytes), _view.List());
        if (silos.Length == 0)
        {
            throw new GridError(
                GridErrorCode.FailedPrecondition,
                Target,
                $"has no silo to be loaded on: none that stays has the labels {string.Join(", ", terms.Requires)}.",
                "Give silos these labels (GRID_CLUSTER__LABELS), or register a version that asks for others.").ToException();
        }

        _reports.Clear();
        var reason = $"It is to get traffic and was on no silo; it begins on {silos.Length} (minimum {terms.Min}{(terms.Max is { } max ? $", maximum {max}" : "")}).";
        _ = await _plans.WriteAsync(_key, snapshot, silos, reason, cancellationToken) ?? throw CatalogueWriter.Contended(Target);
    }

    private bool IsReady(string silo)
    {
        if (!_reports.TryGetValue(silo, out var report))
        {
            return false;
        }

        return report.State switch
        {
            ReplicaReports.Failed => throw new GridError(
                GridErrorCode.FailedPrecondition,
                Target,
                $"cannot be loaded on silo {silo}: {report.Reason}",
                "Mend the cause and register a new version; the one that is live goes on answering.").ToException(),
            ReplicaReports.Ready => true,
            _ => false,
        };
    }

    private async Task<CatalogueSnapshot> SetStateAsync(Versioned<VersionEntry> current, VersionState state, CancellationToken cancellationToken)
    {
        // What silos said about the state before says nothing about the one after.
        _reports.Clear();
        var swapped = await _writer.SwapAsync(
            CatalogueKinds.Version,
            _key.ToString(),
            current.Version,
            current.Entry with { State = state },
            CatalogueJson.Default.VersionEntry,
            cancellationToken) ?? throw CatalogueWriter.Contended(Target);
        LogState(_key, current.Entry.State, state, swapped.Revision);
        return swapped;
    }

    private VersionInfo SameBytes(VersionEntry existing, RegisterVersionRequest request, CatalogueSnapshot snapshot) =>
        existing.Digest == request.Digest
            ? Describe(existing, snapshot)
            : throw new GridError(
                GridErrorCode.AlreadyExists,
                Target,
                $"is registered with other bytes: {existing.Digest}, not {request.Digest}.",
                "A version is immutable: register the new bytes under a new version.").ToException();

    private Versioned<VersionEntry> Require(CatalogueSnapshot snapshot) =>
        snapshot.Versions.TryGetValue(_key, out var version) ? version : throw ModelCatalogue.UnknownVersion(_key, snapshot).ToException();

    private VersionInfo Describe(VersionEntry entry, CatalogueSnapshot snapshot)
    {
        var model = snapshot.Models.TryGetValue(_key.ModelKey, out var versioned) ? versioned.Entry : null;
        return new VersionInfo(
            _key.Workspace,
            _key.Model,
            _key.Version,
            entry.Digest,
            ModelCatalogue.StateOf(_key, entry.State, model),
            entry.Files,
            entry.Inputs,
            entry.Outputs,
            entry.Manifest,
            entry.RegisteredMs,
            [.. _reports.Values.OrderBy(report => report.Silo, StringComparer.Ordinal)])
        {
            Lineage = entry.Lineage,
            Tags = model?.VersionTags?.GetValueOrDefault(_key.Version) ?? [],
        };
    }

    [LoggerMessage(EventId = 2110, Level = LogLevel.Information, Message = "Version {Version} is registered as {Digest}, catalogue revision {Revision}")]
    private partial void LogRegistered(VersionKey version, string digest, long revision);

    [LoggerMessage(EventId = 2111, Level = LogLevel.Information, Message = "Version {Version} went from {Before} to {State}, catalogue revision {Revision}")]
    private partial void LogState(VersionKey version, VersionState before, VersionState state, long revision);
}
