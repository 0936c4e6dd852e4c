using System.Collections.Concurrent;
using Grid.Inference.Diagnostics;
using Grid.Inference.Manifests;
using Grid.Inference.Repository;
using Grid.Inference.Scheduling;
using Grid.Primitives;

namespace Grid.Inference.Hosting;

/// <summary>
/// The only truth of what is loaded in this process. Thread-safe. Loads happen on a thread of their own and never hold up runs;
/// a version that fails to load, or to run, leaves all others serving.
/// </summary>
public sealed class ModelHost : IAsyncDisposable
{
    private readonly Lock _lock = new();

    /// <summary>Written under the lock, read without it by every request.</summary>
    private readonly ConcurrentDictionary<VersionKey, ModelEntry> _entries = new();

    /// <summary>Sessions that hold memory; those that are being unloaded too. Guarded by the lock.</summary>
    private readonly HashSet<LoadedModel> _loaded = [];

    private readonly LoadThread _loader;
    private long _loadedBytes;
    private volatile bool _isStopping;

    /// <exception cref="GridException">The options are wrong; all mistakes at once.</exception>
    public ModelHost(ModelHostOptions? options = null, TimeProvider? time = null, InferenceInstruments? instruments = null) : this(options, time, instruments, null) { }

    internal ModelHost(ModelHostOptions? options, TimeProvider? time, InferenceInstruments? instruments, FaultPoints? faults)
    {
        Options = options ?? new ModelHostOptions();
        if (Options.Check() is { Count: > 0 } errors)
        {
            throw new GridException(errors);
        }

        Time = time ?? TimeProvider.System;
        Faults = faults;
        Instruments = instruments ?? new InferenceInstruments();
        Instruments.Observe(this);
        Inline = new InlineGate(faults?.InlineCores ?? Environment.ProcessorCount, Options.InlineRunsPerCore);
        Scheduler = new RunScheduler(Options.WorkerThreads, faults?.WorkersAreStepped ?? false, Time);
        _loader = new LoadThread();
    }

    /// <summary>Every version that was asked for and not unloaded, by key.</summary>
    public IReadOnlyList<ModelStatus> Status
    {
        get
        {
            lock (_lock)
            {
                return [.. _entries.Values.Select(e => e.Describe()).OrderBy(s => s.Key.ToString(), StringComparer.Ordinal)];
            }
        }
    }

    /// <summary>What the loaded versions are charged, in bytes.</summary>
    public long LoadedBytes => Interlocked.Read(ref _loadedBytes);

    /// <summary>Requests that wait for workers, over all versions.</summary>
    public int Waiting => Scheduler.Waiting;

    /// <summary>Threads that run what waits.</summary>
    public int Workers => Options.WorkerThreads;

    /// <summary>Workers that are in a run.</summary>
    public int BusyWorkers => Scheduler.Busy;

    /// <summary>How long the oldest run of a worker has been under way; zero where none is.</summary>
    public TimeSpan OldestRun => Scheduler.OldestRun;

    /// <summary>How long no worker has come free, where all of them are in a run; zero where one is free. Minutes mean native code that does not return: nothing in the process can end it.</summary>
    public TimeSpan AllWorkersBusyFor => Scheduler.AllBusyFor;

    internal ModelHostOptions Options { get; }

    internal TimeProvider Time { get; }

    internal InferenceInstruments Instruments { get; }

    internal FaultPoints? Faults { get; }

    internal InlineGate Inline { get; }

    internal RunScheduler Scheduler { get; }

    /// <summary>
    /// Loads a version, or answers at once where it is ready with the same content. Its files are digested again first, then the model is
    /// inspected, compared with the manifest, warmed at every size of batch, and measured.
    /// </summary>
    /// <param name="key">The version.</param>
    /// <param name="package">Its files.</param>
    /// <param name="manifest">Null: it can be asked by tensors, and by rows of its own numeric inputs.</param>
    /// <param name="cancellationToken">Ends the wait; the load goes on, and <see cref="Status"/> shows how it ends.</param>
    /// <exception cref="GridException">It failed, with the reason; or the key is taken by other content.</exception>
    public Task<ModelStatus> LoadAsync(VersionKey key, ModelPackage package, ModelManifest? manifest, CancellationToken cancellationToken = default)
    {
        Task<ModelStatus> load;
        lock (_lock)
        {
            if (_isStopping)
            {
                return Task.FromException<ModelStatus>(RunErrors.Stopping(key.ToString()).ToException());
            }

            if (_entries.TryGetValue(key, out var entry) && entry.State is not ModelState.Failed)
            {
                if (entry.Package.Digest != package.Digest || entry.Manifest?.Digest() != manifest?.Digest())
                {
                    return Task.FromException<ModelStatus>(Taken(key, entry, package).ToException());
                }

                if (entry.State == ModelState.Unloading)
                {
                    return Task.FromException<ModelStatus>(GridError.Unavailable($"version '{key}'", "is being unloaded and waits for its callers.", "Load it again in a moment.", 100).ToException());
                }

                load = entry.State == ModelState.Evicted ? Begin(entry) : entry.Load;
            }
            else
            {
                entry = new ModelEntry(key, package, manifest);
                _entries[key] = entry;
                load = Begin(entry);
            }
        }

        return load.WaitAsync(cancellationToken);
    }

    /// <summary>
    /// Takes a version away: it gets no new callers, those it has are waited for, then its session is disposed.
    /// </summary>
    /// <param name="key">The version.</param>
    /// <param name="cancellationToken">Ends the wait; the unload goes on.</param>
    /// <returns>False where it was not there.</returns>
    public async Task<bool> UnloadAsync(VersionKey key, CancellationToken cancellationToken = default)
    {
        LoadedModel? model;
        while (true)
        {
            Task<ModelStatus> load;
            lock (_lock)
            {
                if (!_entries.TryGetValue(key, out var entry))
                {
                    return false;
                }

                if (entry.State != ModelState.Loading)
                {
                    model = BeginUnload(entry);
                    break;
                }

                load = entry.Load;
            }

            await ((Task)load).WaitAsync(cancellationToken).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
            cancellationToken.ThrowIfCancellationRequested();
        }

        if (model is not null)
        {
            await model.Closed.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return true;
    }

    /// <summary>Whether a version can be leased at once. Asking is no use of it: it grows no younger for the eviction.</summary>
    public bool IsReady(VersionKey key) => _entries.TryGetValue(key, out var entry) && entry.Model is not null;

    /// <summary>Leases a version that is ready.</summary>
    /// <returns>False where it is not: ask <see cref="AcquireAsync"/> for the reason, or another silo.</returns>
    public bool TryAcquire(VersionKey key, out Replica replica)
    {
        if (_entries.TryGetValue(key, out var entry) && entry.Model is { } model && model.TryAddReference())
        {
            replica = new Replica(model);
            return true;
        }

        replica = default;
        return false;
    }

    /// <summary>Leases a version, waiting for its load where one is under way, and loading it again where it was evicted.</summary>
    /// <exception cref="GridException">It is not there, failed to load, or is being unloaded.</exception>
    public async ValueTask<Replica> AcquireAsync(VersionKey key, CancellationToken cancellationToken = default)
    {
        Replica replica;
        while (!TryAcquire(key, out replica))
        {
            Task<ModelStatus> load;
            lock (_lock)
            {
                load = !_entries.TryGetValue(key, out var entry) ? throw NotLoaded(key).ToException()
                    : _isStopping ? throw RunErrors.Stopping(key.ToString()).ToException()
                    : entry.State switch
                    {
                        ModelState.Failed => throw entry.Error!.ToException(),
                        ModelState.Unloading => throw NotLoaded(key).ToException(),
                        ModelState.Evicted => Begin(entry),
                        _ => entry.Load,
                    };
            }

            await load.WaitAsync(cancellationToken).ConfigureAwait(false);
        }

        return replica;
    }

    /// <summary>Takes no more runs in, and ends when all that waits has run or, once the token is cancelled, was refused by name.</summary>
    public Task StopAsync(CancellationToken cancellationToken)
    {
        lock (_lock)
        {
            _isStopping = true;
        }

        return Scheduler.StopAsync(cancellationToken);
    }

    /// <summary>Refuses what waits, ends what runs, and unloads everything. A session whose lease is still out ends with that lease.</summary>
    public async ValueTask DisposeAsync()
    {
        await StopAsync(new CancellationToken(canceled: true)).ConfigureAwait(false);
        _loader.Stop();
        lock (_lock)
        {
            foreach (var entry in _entries.Values.Where(e => e.State is not ModelState.Unloading))
            {
                BeginUnload(entry);
            }
        }
    }

    internal void Post(Action job) => _loader.Post(job);

    internal void OnClosed(LoadedModel model)
    {
        _loader.NoteFreed();
        if (Faults is not null)
        {
            Interlocked.Decrement(ref Faults.LiveSessions);
        }

        lock (_lock)
        {
            _loaded.Remove(model);
            Interlocked.Add(ref _loadedBytes, -model.ChargedBytes);
            if (_entries.TryGetValue(model.Key, out var entry) && ReferenceEquals(entry.Model, null) && entry.State == ModelState.Unloading)
            {
                _entries.TryRemove(model.Key, out _);
            }
        }
    }

    private static GridError NotLoaded(VersionKey key) =>
        GridError.NotFound($"version '{key}'", "is not loaded here.", "Load it first, or ask a silo that has a replica.");

    private static GridError Taken(VersionKey key, ModelEntry entry, ModelPackage package) => new(
        GridErrorCode.AlreadyExists,
        $"version '{key}'",
        entry.Package.Digest == package.Digest
            ? "is loaded with another manifest."
            : $"is loaded with the content {entry.Package.Digest}, not {package.Digest}.",
        "A version is immutable: use a new version number, or unload this one first.");

    /// <summary>Under the lock: queues a load.</summary>
    private Task<ModelStatus> Begin(ModelEntry entry)
    {
        var done = new TaskCompletionSource<ModelStatus>(TaskCreationOptions.RunContinuationsAsynchronously);
        entry.State = ModelState.Loading;
        entry.Error = null;
        entry.Load = done.Task;
        // Nobody may wait for it; the status keeps the reason.
        _ = done.Task.ContinueWith(static t => t.Exception, CancellationToken.None, TaskContinuationOptions.OnlyOnFaulted, TaskScheduler.Default);
        _loader.Post(() => Load(entry, done));
        return done.Task;
    }

    /// <summary>Under the lock: takes callers away. The session to wait for, or null.</summary>
    private LoadedModel? BeginUnload(ModelEntry entry)
    {
        var model = entry.Model;
        if (model is not null)
        {
            entry.State = ModelState.Unloading;
            entry.Model = null;
            // Posting is safe under the lock unless the load thread has stopped, when the job runs here: the lock may be entered again.
            model.Release();
            return model;
        }

        if (entry.State != ModelState.Unloading)
        {
            _entries.TryRemove(entry.Key, out _);
            return null;
        }

        return _loaded.FirstOrDefault(m => m.Key == entry.Key);
    }

    private void Load(ModelEntry entry, TaskCompletionSource<ModelStatus> done)
    {
        try
        {
            if (_isStopping)
            {
                throw RunErrors.Stopping(entry.Key.ToString()).ToException();
            }

            var model = ModelMaker.Make(this, entry);
            if (Faults is not null)
            {
                Interlocked.Increment(ref Faults.LiveSessions);
            }

            ModelStatus status;
            lock (_lock)
            {
                _loaded.Add(model);
                Interlocked.Add(ref _loadedBytes, model.ChargedBytes);
                entry.Model = model;
                entry.State = ModelState.Ready;
                status = entry.Describe();
            }

            done.SetResult(status);
        }
#pragma warning disable CA1031 // Whatever a load throws is this version's failure: the load thread goes on with the next.
        catch (Exception exception)
#pragma warning restore CA1031
        {
            var failure = exception as GridException
                ?? new GridException(new GridError(GridErrorCode.Internal, $"version '{entry.Key}'", $"failed to load: {exception.Message}", "See the inner exception."), exception);
            lock (_lock)
            {
                entry.State = ModelState.Failed;
                entry.Error = failure.Error;
            }

            done.SetException(failure);
        }
    }

    /// <summary>On the load thread: evicts idle versions, least recently used first, until that many bytes fit.</summary>
    internal void MakeRoom(VersionKey key, long bytes)
    {
        var budget = Options.MemoryBudgetBytes;
        if (bytes > budget)
        {
            throw new GridError(
                GridErrorCode.TooLarge,
                $"version '{key}'",
                $"needs about {bytes} bytes; the whole memory budget is {budget}.",
                $"Raise {nameof(ModelHostOptions)}.{nameof(ModelHostOptions.MemoryBudgetBytes)}, or give it a node of its own.").ToException();
        }

        var evicted = new List<LoadedModel>();
        lock (_lock)
        {
            var free = budget - LoadedBytes;
            foreach (var model in _loaded.OrderBy(m => m.LastUsed).ThenBy(m => m.Name, StringComparer.Ordinal))
            {
                if (free >= bytes)
                {
                    break;
                }

                if (_entries.TryGetValue(model.Key, out var entry) && ReferenceEquals(entry.Model, model) && model.TryCloseIdle())
                {
                    entry.Model = null;
                    entry.State = ModelState.Evicted;
                    evicted.Add(model);
                    free += model.ChargedBytes;
                }
            }

            if (free < bytes && evicted.Count == 0)
            {
                throw InUse(key, bytes, budget);
            }
        }

        foreach (var model in evicted)
        {
            model.Close();
            Instruments.Evicted(model);
        }

        if (LoadedBytes + bytes > budget)
        {
            throw InUse(key, bytes, budget);
        }
    }

    private GridException InUse(VersionKey key, long bytes, long budget) => GridError.Unavailable(
        $"version '{key}'",
        $"needs about {bytes} bytes; {LoadedBytes} of the budget of {budget} are held by versions in use.",
        $"Load it on another silo, or raise {nameof(ModelHostOptions)}.{nameof(ModelHostOptions.MemoryBudgetBytes)}.",
        1000).ToException();
}
