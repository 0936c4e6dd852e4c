using System.Collections.Immutable;
using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Grains.Hosting;
using Grid.Grains.Models;
using Grid.Grains.Signals;
using Grid.Monitoring.Baselines;
using Grid.Monitoring.Feeding;
using Grid.Monitoring.Signals;
using Grid.Monitoring.Windows;
using Grid.Primitives;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;

namespace Grid.Grains.Monitoring;

/// <inheritdoc cref="IMonitorGrain"/>
/// <remarks>
/// Reentrant: silos report while an earlier report is being stored, and all that came meanwhile is stored together. Each save is conditional on the one before, so
/// of two activations of this key one fails, and starts anew from what the other stored.
/// </remarks>
[GrainType("grid.monitor"), Reentrant]
internal sealed partial class MonitorGrain : Grain, IMonitorGrain, IDisposable
{
    /// <summary>Stands in for the columns of a version that has answered nothing.</summary>
    private const string NoColumn = "-";

    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    private readonly MonitorStore _store;
    private readonly CatalogueReplica _catalogue;
    private readonly VersionBaselines _baselines;
    private readonly VersionPolicies _policies;
    private readonly EventSinks _sinks;
    private readonly MonitoringOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<MonitorGrain> _logger;
    private readonly ModelKey _key;
    private readonly CancellationTokenSource _stopping = new();
    private readonly JoinedSave _saves;
    private ModelWatch? _watch;
    private EventDelivery<Signal>? _delivery;
    private long _dueMs;
    private bool _isLost;

    public MonitorGrain(
        MonitorStore store,
        CatalogueReplica catalogue,
        VersionBaselines baselines,
        VersionPolicies policies,
        EventSinks sinks,
        IOptions<GridGrainsOptions> options,
        TimeProvider time,
        ILogger<MonitorGrain> logger)
    {
        _store = store;
        _catalogue = catalogue;
        _baselines = baselines;
        _policies = policies;
        _sinks = sinks;
        _options = options.Value.Monitoring;
        _time = time;
        _logger = logger;
        _key = ModelKey.Parse(this.GetPrimaryKeyString());
        _saves = new JoinedSave(StoreAsync);
    }

    private ModelWatch Watch => _watch is { } watch && !_isLost ? watch : throw Lost();

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        var stored = await _store.LoadAsync(_key, cancellationToken);
        var versions = new List<VersionWatch>();
        foreach (var (record, state, version) in stored.Versions)
        {
            if (await RestoreAsync(record, state, version, stored.Book, cancellationToken) is { } watch)
            {
                versions.Add(watch);
            }
        }

        _watch = new ModelWatch(_key, stored, versions, [.. _sinks.Signals.Select(static sink => sink.Name)]);
        _delivery = new EventDelivery<Signal>(_sinks.Signals, _watch.Book.Outbox, _time, _saves.SaveAsync, _stopping.Token);
        this.RegisterGrainTimer(static (grain, _) => grain.TickAsync(), this, new GrainTimerCreationOptions(Tick, Tick) { Interleave = true });
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    public async Task<MonitorLayout> GetLayoutAsync(string version, MonitorColumns columns)
    {
        var watch = Watch.Find(version);
        if (watch is null || !watch.Record.Fits(columns))
        {
            watch = await BeginAsync(version, columns);
        }

        var monitor = watch.Monitor;
        var drift = watch.Policy.Drift;

        // A learned baseline is of all columns; while it is being learned, all of them are needed.
        ImmutableArray<int> watched = watch.Fit?.Columns ?? [.. Enumerable.Range(0, watch.Record.Features.Length + watch.Record.Outputs.Length)];
        return new MonitorLayout(
            monitor.Layout.Fingerprint,
            monitor.Baseline?.ToJson() ?? [],
            [.. watched],
            (long)drift.Window.TotalMilliseconds,
            drift.Origin.ToUnixTimeMilliseconds());
    }

    public async Task<MonitorReply> MergeAsync(MonitorReport report)
    {
        var watch = Watch.Find(report.Version);
        if (watch is null && report.Load.Requests > 0)
        {
            // A version that has answered no rows yet: nobody has said what they are made of; what it was asked counts all the same.
            watch = await BeginAsync(report.Version, new MonitorColumns([], [NoColumn], IsEventClock: false));
        }

        if (watch is null)
        {
            return new MonitorReply(0, 0);
        }

        IReadOnlyList<SketchDelta> deltas = [];
        if (report.Deltas.Length > 0)
        {
            if (report.Fingerprint != watch.Monitor.Layout.Fingerprint)
            {
                return new MonitorReply(watch.Monitor.Layout.Fingerprint, 0);
            }

            deltas = Array.ConvertAll(report.Deltas, bytes => SketchDelta.FromBytes(bytes, watch.Monitor.Layout));
        }

        var done = Watch.Merge(watch, report, deltas, Now);
        Step(manual: null);
        await _saves.SaveAsync();
        return new MonitorReply(watch.Monitor.Layout.Fingerprint, done, watch.Monitor.TenantColumns is { IsEmpty: false } columns ? [.. columns] : null);
    }

    public Task<OutcomeCounts> OutcomesAsync(ObservedOutcome[] outcomes)
    {
        // The truth itself is stored by whoever took it in; what a window has gathered of it is stored with the window.
        var counts = Watch.Observe(outcomes, Now);
        Step(manual: null);
        return Task.FromResult(counts);
    }

    public Task<TrialStanding[]> GetTrialsAsync() => Task.FromResult(Watch.Trials());

    public Task<MonitorStatus> GetAsync()
    {
        if (!_catalogue.Current.Models.ContainsKey(_key))
        {
            throw ModelCatalogue.UnknownModel(_key, _catalogue.Current).ToException();
        }

        var watch = Watch;
        return Task.FromResult(new MonitorStatus(
            _key.Workspace,
            _key.Model,
            [
                .. watch.Versions.OrderBy(static v => v.Key.Version, VersionOrder.Instance).Select(static v => new WatchedVersion(
                    v.Key.Version,
                    v.Monitor.Baseline switch { null => "learning", { Provisional: true } => "provisional", _ => "training" },
                    v.Monitor.OpenRows,
                    v.Monitor.LateRows,
                    v.Monitor.LastReport is { } last ? SignalInfos.Of(last) : null)),
            ],
            watch.Book.Open.Count,
            watch.Book.Outbox.Pending.Count,
            watch.Book.Outbox.Dropped,
            watch.Retraining.Record.LabelledRows,
            watch.Retraining.Verdict(OpenRequest(watch))));
    }

    public async Task<SignalInfo> AcknowledgeAsync(string id, string by)
    {
        if (by.Length is 0 or > 200)
        {
            throw GridError.Invalid("by", $"has {by.Length} characters.", "Say who has seen it, in 1 to 200.").ToException();
        }

        if (Watch.Acknowledge(id, by, Now) is not { } signal)
        {
            throw GridError.NotFound($"signal '{id}'", $"is not open for model '{_key.Model}'.", "See those that are: grid signals list.").ToException();
        }

        await _saves.SaveAsync();
        return SignalInfos.Of(signal);
    }

    public async Task<RetrainVerdict> RetrainAsync(string by)
    {
        await _catalogue.PullAsync(CancellationToken.None);
        if (!_catalogue.Current.Models.TryGetValue(_key, out var model))
        {
            throw ModelCatalogue.UnknownModel(_key, _catalogue.Current).ToException();
        }

        if (model.Entry.Live is not { } live)
        {
            throw ModelCatalogue.NothingLive(_key).ToException();
        }

        if (Watch.Find(live)?.Now(Now) is null)
        {
            throw new GridError(GridErrorCode.FailedPrecondition, $"model '{_key.Model}'", "has answered nothing yet, so there is nothing to train on.", "Ask it for predictions first, or train from a file: grid-train train.").ToException();
        }

        Step(by);
        await _saves.SaveAsync();
        return Watch.Retraining.Verdict(OpenRequest(Watch));
    }

    public Task WakeAsync() => TickAsync();

    public void Dispose() => _stopping.Dispose();

    private DateTimeOffset Now => _time.GetUtcNow();

    private static Signal? OpenRequest(ModelWatch watch) => watch.Book.Open.FirstOrDefault(static s => s.Type == SignalType.Retrain);

    private async Task TickAsync()
    {
        if (_isLost)
        {
            return;
        }

        try
        {
            Step(manual: null);
            await _saves.SaveAsync();
            _delivery!.Start();
        }
        catch (GridException e)
        {
            // Reports are answered with the error and come again; time comes again by itself.
            LogNotStored(e, _key);
        }
    }

    private void Step(string? manual)
    {
        var snapshot = _catalogue.Current;
        Watch.Step(
            snapshot.Models.TryGetValue(_key, out var model) ? model.Entry : null,
            version => snapshot.Versions.TryGetValue(new VersionKey(_key.Workspace, _key.Model, version), out var entry) ? entry.Entry.Lineage?.Signal : null,
            manual,
            Now);
    }

    private async Task<VersionWatch> BeginAsync(string version, MonitorColumns columns)
    {
        var key = new VersionKey(_key.Workspace, _key.Model, version);
        if (!_catalogue.Current.Versions.TryGetValue(key, out var entry))
        {
            var snapshot = await _catalogue.PullAsync(CancellationToken.None);
            entry = snapshot.Versions.TryGetValue(key, out entry) ? entry : throw ModelCatalogue.UnknownVersion(key, snapshot).ToException();
        }

        var record = new WatchRecord(version, entry.Entry.Digest, columns.Features, columns.Outputs, columns.IsEventClock, "", null, null);
        var created = await CreateAsync(key, record, entry.Entry, state: null, documentVersion: 0, [], CancellationToken.None);
        if (Watch.Find(version) is { } other)
        {
            if (other.Record.Fits(columns))
            {
                // Another silo asked meanwhile.
                return other;
            }

            // It has answered for the first time, or its views go by another clock now: what was gathered does not go together with what comes.
            Watch.Drop(other);
        }

        Watch.Add(created);
        return created;
    }

    /// <summary>A stored watch, or null where its version is gone.</summary>
    private async Task<VersionWatch?> RestoreAsync(WatchRecord record, ReadOnlyMemory<byte>? state, long documentVersion, SignalBook book, CancellationToken cancellationToken)
    {
        var key = new VersionKey(_key.Workspace, _key.Model, record.Version);
        var snapshot = _catalogue.Current.Versions.ContainsKey(key) ? _catalogue.Current : await _catalogue.PullAsync(cancellationToken);
        if (!snapshot.Versions.TryGetValue(key, out var entry))
        {
            return null;
        }

        var open = book.Open.Where(s => s.Version == key && s.Type is SignalType.Slow or SignalType.Failing or SignalType.Overloaded).Select(static s => s.Type);
        try
        {
            return await CreateAsync(key, record, entry.Entry, state, documentVersion, open, cancellationToken);
        }
        catch (GridException e) when (e.Error.Code is GridErrorCode.Conflict or GridErrorCode.Corrupt or GridErrorCode.Unsupported)
        {
            // What was gathered is of no use; what it serves from now on is.
            LogForgotten(e, key);
            var begun = await CreateAsync(key, record, entry.Entry, state: null, documentVersion, open, cancellationToken);
            begun.IsDirty = true;
            return begun;
        }
    }

    private async Task<VersionWatch> CreateAsync(
        VersionKey key, WatchRecord record, VersionEntry entry, ReadOnlyMemory<byte>? state, long documentVersion, IEnumerable<SignalType> openLoad, CancellationToken cancellationToken)
    {
        var baseline = await _baselines.FindAsync(key, entry, cancellationToken);
        var fit = baseline is null ? null : BaselineFit.Of(baseline, record.Features, record.Outputs);
        var digest = Digest.TryParse(entry.Digest, out var parsed) ? parsed : default;
        var policy = _policies.Find(key, entry);
        var monitor = fit is null
            ? new ModelMonitor(key, digest, record.Features, record.Outputs, policy.Drift)
            : new ModelMonitor(key, digest, fit.Baseline, policy.Drift);
        if (state is { } saved)
        {
            monitor = ModelMonitor.Load(monitor, saved);
        }

        return new VersionWatch(record, key, fit, monitor, policy, _options.Load, openLoad, documentVersion, Now);
    }

    private async Task StoreAsync()
    {
        var watch = Watch;
        var isOverdue = watch.Book.Outbox.Pending.Count > 0 && Now.ToUnixTimeMilliseconds() >= _dueMs;
        if (!watch.IsDirty && watch.Versions.All(static v => !v.IsDirty) && !isOverdue)
        {
            return;
        }

        var stored = false;
        try
        {
            var (document, sketches, written, removed) = watch.Save();
            var due = watch.DueMs(Now);
            _dueMs = due ?? long.MaxValue;
            stored = await _store.SaveAsync(_key, watch.DocumentVersion, due, document, sketches, CancellationToken.None);
            if (stored)
            {
                watch.Saved(written, removed);
            }
        }
        finally
        {
            if (!stored)
            {
                // Somebody else goes on from the store, or nobody knows what is there: what is in memory counts no longer.
                _isLost = true;
                DeactivateOnIdle();
            }
        }

        if (!stored)
        {
            throw Lost();
        }

        _delivery!.Start();
    }

    private GridException Lost() =>
        GridError.Unavailable($"monitor of model '{_key.Model}'", "starts anew from what is stored.", "Send it again.", retryAfterMs: 1000).ToException();

    [LoggerMessage(EventId = 2821, Level = LogLevel.Warning, Message = "The monitor of model {Model} could not store its state")]
    private partial void LogNotStored(Exception error, ModelKey model);

    [LoggerMessage(EventId = 2822, Level = LogLevel.Warning, Message = "What was gathered of version {Version} cannot be read; its monitor begins anew")]
    private partial void LogForgotten(Exception error, VersionKey version);
}
