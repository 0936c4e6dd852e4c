using System.Collections.Concurrent;
using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Grains.Gossip;
using Grid.Grains.Hosting;
using Grid.Grains.Replicas;
using Grid.Inference.Hosting;
using Grid.Inference.Manifests;
using Grid.Inference.Repository;
using Grid.Primitives;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Grid.Grains.Models;

/// <summary>
/// Brings this silo's model host in line with the catalogue: loads what is staged and wanted here, unloads what is retired or wanted elsewhere, loads the
/// rest when it is first asked for, and tells the version actors. Thread-safe.
/// </summary>
internal sealed partial class ModelReconciler
{
    /// <summary>A failed load is tried again after this: memory may have become free, a file may have been restored.</summary>
    private static readonly TimeSpan RetryFailedAfter = TimeSpan.FromSeconds(30);

    /// <summary>A load takes from milliseconds to a minute; a caller that could not wait may ask again after this.</summary>
    private const int RetryLoadingMs = 1000;

    private readonly ModelHost _host;
    private readonly CatalogueReplica _catalogue;
    private readonly ReplicaRoutes _routes;
    private readonly ClusterView _view;
    private readonly VersionFolders _folders;
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly ILogger<ModelReconciler> _logger;
    private readonly string _silo;
    private readonly ConcurrentDictionary<VersionKey, ReplicaLoad> _loads = new();

    /// <summary>Orders the beginning of an unload before that of the next load.</summary>
    private readonly Lock _unloading = new();

    /// <summary>The last unload of each version, which its next load waits for. Guarded by the lock.</summary>
    private readonly Dictionary<VersionKey, Task> _unloads = [];

    public ModelReconciler(
        ModelHost host,
        CatalogueReplica catalogue,
        ReplicaRoutes routes,
        ClusterView view,
        VersionFolders folders,
        IGrainFactory grains,
        ILocalSiloDetails silo,
        TimeProvider time,
        ILogger<ModelReconciler> logger)
    {
        _host = host;
        _catalogue = catalogue;
        _routes = routes;
        _view = view;
        _folders = folders;
        _grains = grains;
        _time = time;
        _logger = logger;
        _silo = silo.SiloAddress.ToParsableString();
        catalogue.Changed += Reconcile;
    }

    /// <summary>Versions in use and wanted here whose first load has not ended yet. One that was evicted for others is not among them: it is loaded when it is asked for.</summary>
    public IReadOnlyList<string> Waiting() =>
        [.. WantedInUse().Where(key => !_host.IsReady(key) && !(_loads.TryGetValue(key, out var load) && load.Task.IsCompleted)).Select(static key => key.ToString())];

    /// <summary>Versions in use and wanted here that cannot be loaded.</summary>
    public IReadOnlyList<string> Failed() =>
        [.. WantedInUse().Where(key => _loads.TryGetValue(key, out var load) && load.Task.IsFaulted).Select(static key => key.ToString())];

    /// <summary>Versions that rollouts may send requests to, as far as they are wanted here.</summary>
    private IEnumerable<VersionKey> WantedInUse() =>
        from model in _catalogue.Current.Models
        from version in model.Value.Entry.InUse()
        let key = new VersionKey(model.Key.Workspace, model.Key.Model, version)
        where _routes.IsWantedHere(key)
        select key;

    /// <summary>Leases the version here, and loads it first where it is not there. Callers of the same version share one load.</summary>
    /// <param name="key">The version.</param>
    /// <param name="deadline">Time stamp until which the caller waits for the load; 0 for as long as it takes.</param>
    /// <param name="cancellationToken">Ends the wait; the load goes on.</param>
    /// <exception cref="GridException">The version is not registered, is retired, or cannot be loaded. Unavailable: not in that time, or there is no memory for it.</exception>
    public async ValueTask<Replica> AcquireAsync(VersionKey key, long deadline, CancellationToken cancellationToken)
    {
        if (_host.TryAcquire(key, out var replica))
        {
            return replica;
        }

        var load = Load(key, Require(key)).Task;
        try
        {
            var left = deadline == 0 ? Timeout.InfiniteTimeSpan : _time.GetElapsedTime(_time.GetTimestamp(), deadline);
            await load.WaitAsync(left > TimeSpan.Zero || deadline == 0 ? left : TimeSpan.Zero, _time, cancellationToken);
        }
        catch (TimeoutException)
        {
            throw GridError.Unavailable(Target(key), "is being loaded and was not ready before the deadline.", "Send it again.", RetryLoadingMs).ToException();
        }

        return _host.TryAcquire(key, out replica)
            ? replica
            : throw GridError.Unavailable(Target(key), "was evicted as soon as it was loaded.", "Give the silo more memory for models (Grid:ModelMemoryBytes).", RetryLoadingMs).ToException();
    }

    /// <summary>Begins to load a version that is asked for here and is not there, without waiting for it. How it ends is reported and logged.</summary>
    public void Want(VersionKey key)
    {
        if (_catalogue.Current.Versions.TryGetValue(key, out var version) && version.Entry.State != VersionState.Retired)
        {
            Load(key, version.Entry);
        }
    }

    /// <summary>Tells the actor of every staged version what became of it here. Reports are soft state, so they are repeated.</summary>
    public async Task ReportAsync(CancellationToken cancellationToken)
    {
        foreach (var (key, version) in _catalogue.Current.Versions)
        {
            if (version.Entry.State == VersionState.Staged)
            {
                cancellationToken.ThrowIfCancellationRequested();
                if (_routes.IsWantedHere(key))
                {
                    await ReportAsync(key, Load(key, version.Entry));
                }
                else
                {
                    LetGo(key);
                    await ReportAsync(key, _host.IsReady(key) ? ReplicaReports.Ready : ReplicaReports.Able, reason: null);
                }
            }
        }
    }

    private static string Target(VersionKey key) => $"version '{key.Version}' of model '{key.Model}'";

    private void Reconcile(CatalogueSnapshot snapshot)
    {
        foreach (var (key, version) in snapshot.Versions)
        {
            if (version.Entry.State == VersionState.Retired)
            {
                if (_loads.TryGetValue(key, out var load))
                {
                    Unload(key, load);
                }
            }
            else if (version.Entry.State == VersionState.Staged && _routes.IsWantedHere(key))
            {
                Load(key, version.Entry);
            }
            else
            {
                LetGo(key);
            }
        }
    }

    private VersionEntry Require(VersionKey key)
    {
        var snapshot = _catalogue.Current;
        return !snapshot.Versions.TryGetValue(key, out var version) ? throw ModelCatalogue.UnknownVersion(key, snapshot).ToException()
            : version.Entry.State == VersionState.Retired ? throw ModelCatalogue.Retired(key).ToException()
            : version.Entry;
    }

    /// <summary>Unloads a version that a plan made since it was loaded wants elsewhere. A silo that drains serves with what it has until it is gone.</summary>
    private void LetGo(VersionKey key)
    {
        if (_loads.TryGetValue(key, out var load) && !_routes.IsWantedHere(key) && PlanOf(key) > load.Plan && _view.Phase == SiloPhase.Active)
        {
            Unload(key, load);
        }
    }

    private long PlanOf(VersionKey key) => _catalogue.Current.Replicas.TryGetValue(key, out var plan) ? plan.Version : 0;

    private ReplicaLoad Load(VersionKey key, VersionEntry version)
    {
        while (true)
        {
            // A version that the host evicted, or that failed long enough ago, is loaded again.
            if (_loads.TryGetValue(key, out var known) && !IsStale(key, known))
            {
                return known;
            }

            var load = new ReplicaLoad(_time.GetTimestamp(), PlanOf(key));
            if (known is null ? _loads.TryAdd(key, load) : _loads.TryUpdate(key, load, known))
            {
                _ = RunAsync(key, version, load);
                return load;
            }
        }
    }

    private bool IsStale(VersionKey key, ReplicaLoad load) =>
        load.Task.IsFaulted
            ? _time.GetElapsedTime(load.StartedAt) > RetryFailedAfter
            : load.Task.IsCompletedSuccessfully && !_host.IsReady(key);

    private async Task RunAsync(VersionKey key, VersionEntry version, ReplicaLoad load)
    {
        try
        {
            // Off the caller's thread: it may be an actor's turn or a request.
            await Task.Run(async () =>
            {
                await UnloadedAsync(key);
                var folder = await _folders.EnsureAsync(version, CancellationToken.None);
                var package = await ModelPackage.FromFolderAsync(folder);
                var manifest = version.Manifest is { } yaml ? ModelManifest.Parse(yaml) : null;
                await _host.LoadAsync(key, package, manifest);
            });
            load.Completed();
            LogLoaded(key, version.Digest);
        }
        catch (GridException e)
        {
            LogFailed(key, e.Error);
            load.Failed(e);
        }
        catch (Exception e)
        {
            LogFailed(key, new GridError(GridErrorCode.Internal, $"version {key}", e.Message));
            load.Failed(new GridException(new GridError(GridErrorCode.Internal, $"version '{key.Version}' of model '{key.Model}'", $"could not be loaded: {e.Message}", "See the log of the silo."), e));
        }

        await ReportAsync(key, load);
    }

    private async Task ReportAsync(VersionKey key, ReplicaLoad load)
    {
        var state = load.Task.IsFaulted ? ReplicaReports.Failed : load.Task.IsCompletedSuccessfully ? ReplicaReports.Ready : ReplicaReports.Loading;
        await ReportAsync(key, state, load.Task.Exception?.InnerException is GridException e ? e.Error.ToString() : null);
    }

    private async Task ReportAsync(VersionKey key, string state, string? reason)
    {
        try
        {
            await _grains.GetGrain<IModelVersionGrain>(key.ToString())
                .ReportAsync(new ReplicaReport(_silo, state, reason, _catalogue.Current.Revision));
        }
        catch (Exception error) when (CallErrors.MayPass(error))
        {
            // The next period repeats it.
            LogNotReported(error, key);
        }
    }

    private void Unload(VersionKey key, ReplicaLoad load)
    {
        lock (_unloading)
        {
            if (_loads.TryRemove(new KeyValuePair<VersionKey, ReplicaLoad>(key, load)))
            {
                _unloads[key] = UnloadAsync(key, load);
            }
        }
    }

    /// <summary>Ends when the version is gone whose replica was let go of last; its callers are waited for.</summary>
    private Task UnloadedAsync(VersionKey key)
    {
        lock (_unloading)
        {
            return _unloads.Remove(key, out var unload) ? unload : Task.CompletedTask;
        }
    }

    private async Task UnloadAsync(VersionKey key, ReplicaLoad load)
    {
        try
        {
            await load.Task;
        }
        catch (GridException)
        {
            // It never loaded: nothing to let go of.
            return;
        }

        await _host.UnloadAsync(key);
        LogUnloaded(key);
    }

    [LoggerMessage(EventId = 2121, Level = LogLevel.Information, Message = "Version {Version} ({Digest}) is loaded")]
    private partial void LogLoaded(VersionKey version, string digest);

    [LoggerMessage(EventId = 2122, Level = LogLevel.Error, Message = "Version {Version} cannot be loaded: {Error}")]
    private partial void LogFailed(VersionKey version, GridError error);

    [LoggerMessage(EventId = 2123, Level = LogLevel.Information, Message = "Version {Version} is unloaded")]
    private partial void LogUnloaded(VersionKey version);

    [LoggerMessage(EventId = 2124, Level = LogLevel.Debug, Message = "The state of version {Version} could not be reported")]
    private partial void LogNotReported(Exception error, VersionKey version);
}
