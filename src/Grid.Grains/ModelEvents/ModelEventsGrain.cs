using Grid.Grains.Catalogue;
using Grid.Grains.Signals;
using Grid.Monitoring.Signals;
using Grid.Primitives;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;

namespace Grid.Grains.ModelEvents;

/// <inheritdoc cref="IModelEventsGrain"/>
/// <remarks>
/// The catalogue is what happened, and this only follows it: a change is in force whether or not anybody can be told. Reentrant; each save is conditional on the one
/// before, so of two activations of this key one fails, and starts anew from what the other stored.
/// </remarks>
[GrainType("grid.model-events"), Reentrant]
internal sealed partial class ModelEventsGrain : Grain, IModelEventsGrain, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>How long after its last save somebody else looks after what waits.</summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromSeconds(30);

    private readonly ModelEventsStore _store;
    private readonly CatalogueReplica _catalogue;
    private readonly EventSinks _sinks;
    private readonly TimeProvider _time;
    private readonly ILogger<ModelEventsGrain> _logger;
    private readonly ModelKey _key;
    private readonly string[] _names;
    private readonly JoinedSave _saves;
    private readonly CancellationTokenSource _stopping = new();
    private ToldOfModel _told = ToldOfModel.Nothing;
    private Outbox<ModelEvent> _outbox = new();
    private EventDelivery<ModelEvent>? _delivery;
    private long _version;
    private DateTimeOffset _due;
    private bool _isDirty;
    private bool _isLost;

    public ModelEventsGrain(ModelEventsStore store, CatalogueReplica catalogue, EventSinks sinks, TimeProvider time, ILogger<ModelEventsGrain> logger)
    {
        _store = store;
        _catalogue = catalogue;
        _sinks = sinks;
        _time = time;
        _logger = logger;
        _key = ModelKey.Parse(this.GetPrimaryKeyString());
        _names = [.. sinks.Models.Select(static sink => sink.Name)];
        _saves = new JoinedSave(StoreAsync);
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        (var document, _version) = await _store.LoadAsync(_key, cancellationToken);
        if (document is not null)
        {
            _told = document.Told;
            _outbox = new Outbox<ModelEvent>(document.Pending, document.Number, document.Dropped);
            _outbox.Keep(_names);
        }

        // Events that nobody asks about go out by themselves; an outbox that is forgotten is overdue some time later.
        _delivery = new EventDelivery<ModelEvent>(_sinks.Models, _outbox, _time, _saves.SaveAsync, _stopping.Token);
        this.RegisterGrainTimer(static (grain, _) => grain.DeliverAsync(), this, new GrainTimerCreationOptions(Tick, Tick) { Interleave = true });
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        await _stopping.CancelAsync();
        await base.OnDeactivateAsync(reason, cancellationToken);
    }

    public async Task LookAsync()
    {
        // Whoever asks has seen a catalogue that may be newer than this silo's.
        var snapshot = await _catalogue.PullAsync(CancellationToken.None);
        RequireOwn();
        Versioned<ModelEntry>? model = snapshot.Models.TryGetValue(_key, out var found) ? found : null;
        KeyValuePair<VersionKey, Versioned<VersionEntry>>[] versions = [.. snapshot.VersionsOf(_key)];
        if (ModelChanges.Any(_told, model?.Entry, versions))
        {
            (_told, var events, var missed) = ModelChanges.Since(_told, _key, model, versions, _time.GetUtcNow());
            _outbox.Miss(missed);
            foreach (var what in events)
            {
                _outbox.Send(what, _names);
            }

            _isDirty = true;
        }

        await _saves.SaveAsync();
    }

    public void Dispose() => _stopping.Dispose();

    private async Task DeliverAsync()
    {
        if (_isLost)
        {
            return;
        }

        try
        {
            // Where a sink takes nothing, that somebody looks after it has to be told again: others take it for forgotten.
            await _saves.SaveAsync();
            _delivery!.Start();
        }
        catch (GridException e)
        {
            LogNotStored(e, _key);
        }
    }

    private async Task StoreAsync()
    {
        RequireOwn();
        var now = _time.GetUtcNow();
        var isOverdue = _outbox.Pending.Count > 0 && now >= _due;
        if (!_isDirty && !_outbox.IsDirty && !isOverdue)
        {
            return;
        }

        var document = new ModelEventsDocument(ModelEventsDocument.CurrentFormat, _told, [.. _outbox.Pending], _outbox.Number, _outbox.Dropped);
        _due = now + Overdue;
        long? due = document.Pending.Length > 0 ? _due.ToUnixTimeMilliseconds() : null;
        _isDirty = false;
        _outbox.BeginSave();
        var stored = false;
        try
        {
            stored = await _store.SaveAsync(_key, _version, due, document, CancellationToken.None);
            if (stored)
            {
                _version++;
                _outbox.EndSave();
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

        RequireOwn();
        _delivery!.Start();
    }

    private void RequireOwn()
    {
        if (_isLost)
        {
            throw Lost();
        }
    }

    private GridException Lost() =>
        GridError.Unavailable($"events of model '{_key.Model}'", "start anew from what is stored.", "Ask again.", retryAfterMs: 1000).ToException();

    [LoggerMessage(EventId = 2872, Level = LogLevel.Warning, Message = "What happened to model {Model} could not be stored; it is tried again")]
    private partial void LogNotStored(Exception error, ModelKey model);
}
