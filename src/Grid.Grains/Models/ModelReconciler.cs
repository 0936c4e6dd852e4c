using System.Collections.Concurrent;
using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Inference.Hosting;
using Grid.Inference.Manifests;
using Grid.Inference.Repository;
using Grid.Primitives;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Grid.Grains.Models;

/// <summary>
/// Brings this silo's model host in line with the catalogue: loads what is staged, unloads what is retired, loads the rest when it is first asked for,
/// and tells the version actors. Thread-safe.
/// </summary>
internal sealed partial class ModelReconciler
{
    /// <summary>A failed load is tried again after this: memory may have become free, a file may have been restored.</summary>
    private static readonly TimeSpan RetryFailedAfter = TimeSpan.FromSeconds(30);

    private readonly ModelHost _host;
    private readonly CatalogueReplica _catalogue;
    private readonly VersionFolders _folders;
    private readonly IGrainFactory _grains;
    private readonly TimeProvider _time;
    private readonly ILogger<ModelReconciler> _logger;
    private readonly string _silo;
    private readonly ConcurrentDictionary<VersionKey, ReplicaLoad> _loads = new();

    public ModelReconciler(
        ModelHost host,
        CatalogueReplica catalogue,
        VersionFolders folders,
        IGrainFactory grains,
        ILocalSiloDetails silo,
        TimeProvider time,
        ILogger<ModelReconciler> logger)
    {
        _host = host;
        _catalogue = catalogue;
        _folders = folders;
        _grains = grains;
        _time = time;
        _logger = logger;
        _silo = silo.SiloAddress.ToParsableString();
        catalogue.Changed += Reconcile;
    }

    /// <summary>Versions in use whose first load here has not ended yet. One that was evicted for others is not among them: it is loaded when it is asked for.</summary>
    public IReadOnlyList<string> Waiting() =>
        [.. InUse().Where(key => !IsReady(key) && !(_loads.TryGetValue(key, out var load) && load.Task.IsCompleted)).Select(static key => key.ToString())];

    /// <summary>Versions in use that cannot be loaded here.</summary>
    public IReadOnlyList<string> Failed() =>
        [.. InUse().Where(key => _loads.TryGetValue(key, out var load) && load.Task.IsFaulted).Select(static key => key.ToString())];

    /// <summary>Versions that rollouts may send requests to.</summary>
    private IEnumerable<VersionKey> InUse() =>
        from model in _catalogue.Current.Models
        from version in model.Value.Entry.InUse()
        select new VersionKey(model.Key.Workspace, model.Key.Model, version);

    /// <summary>Returns when the version is loaded here. Callers of the same version share one load.</summary>
    /// <exception cref="GridException">The version is not registered, is retired, or cannot be loaded.</exception>
    public async ValueTask EnsureAsync(VersionKey key, CancellationToken cancellationToken)
    {
        var snapshot = _catalogue.Current;
        if (!snapshot.Versions.TryGetValue(key, out var version))
        {
            throw ModelCatalogue.UnknownVersion(key, snapshot).ToException();
        }

        if (version.Entry.State == VersionState.Retired)
        {
            throw ModelCatalogue.Retired(key).ToException();
        }

        await Load(key, version.Entry).Task.WaitAsync(cancellationToken);
    }

    /// <summary>Begins to load a version that is wanted here and was evicted, without waiting for it. How it ends is reported and logged.</summary>
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
                await ReportAsync(key, Load(key, version.Entry));
            }
        }
    }

    private void Reconcile(CatalogueSnapshot snapshot)
    {
        foreach (var (key, version) in snapshot.Versions)
        {
            if (version.Entry.State == VersionState.Staged)
            {
                Load(key, version.Entry);
            }
            else if (version.Entry.State == VersionState.Retired && _loads.TryRemove(key, out var load))
            {
                _ = UnloadAsync(key, load);
            }
        }
    }

    private ReplicaLoad Load(VersionKey key, VersionEntry version)
    {
        while (true)
        {
            // A version that the host evicted, or that failed long enough ago, is loaded again.
            if (_loads.TryGetValue(key, out var known) && !IsStale(key, known))
            {
                return known;
            }

            var load = new ReplicaLoad(_time.GetTimestamp());
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
            : load.Task.IsCompletedSuccessfully && !IsReady(key);

    private bool IsReady(VersionKey key)
    {
        if (!_host.TryAcquire(key, out var replica))
        {
            return false;
        }

        replica.Dispose();
        return true;
    }

    private async Task RunAsync(VersionKey key, VersionEntry version, ReplicaLoad load)
    {
        try
        {
            // Off the caller's thread: it may be an actor's turn or a request.
            await Task.Run(async () =>
            {
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
        var reason = load.Task.Exception?.InnerException is GridException e ? e.Error.ToString() : null;
        try
        {
            await _grains.GetGrain<IModelVersionGrain>(key.ToString())
                .ReportAsync(new ReplicaReport(_silo, state, reason, _catalogue.Current.Revision));
        }
        catch (Exception error) when (error is OrleansException or TimeoutException or OperationCanceledException)
        {
            // The next period repeats it.
            LogNotReported(error, key);
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
