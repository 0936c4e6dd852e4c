using Grid.Grains.Catalogue;
using Grid.Grains.Signals;
using Grid.Monitoring.Signals;
using Grid.Primitives;
using Orleans.Concurrency;

namespace Grid.Grains.ModelEvents;

/// <inheritdoc cref="IModelEventsGrain"/>
/// <remarks>
/// The catalogue is what happened, and this only follows it: a change is in force whether or not anybody can be told. Reentrant; each save is conditional on the one
/// before, so of two activations of this key one fails, and starts anew from what the other stored.
/// </remarks>
[GrainType("grid.model-events"), Reentrant]
internal sealed class ModelEventsGrain : Grain, IModelEventsGrain, IDisposable
{
    private static readonly TimeSpan Tick = TimeSpan.FromSeconds(1);

    /// <summary>How long after its last save somebody else looks after what waits.</summary>
    private static readonly TimeSpan Overdue = TimeSpan.FromSeconds(30);

    private readonly ModelEventsStore _store;
    private readonly CatalogueReplica _catalogue;
    private readonly EventSinks _sinks;
    private readonly TimeProvider _time;
    private readonly ModelKey _key;
    private readonly string[] _names;
    private readonly JoinedSave _saves;
    private readonly CancellationTokenSource _stopping = new();
    private ToldOfModel _told = ToldOfModel.Nothing;
    private Outbox<ModelEvent> _outbox = new();
    private EventDelivery<ModelEvent>? _delivery;
    private long _version;
    private bool _isDirty;
    private bool _isLost;

    public ModelEventsGrain(ModelEventsStore store, CatalogueReplica catalogue, EventSinks sinks, TimeProvider time)
    {
        _store = store;
        _catalogue = catalogue;
        _sinks = sinks;
        _time = time;
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

    private Task DeliverAsync()
    {
        if (!_isLost)
        {
            _delivery!.Start();
        }

        return Task.CompletedTask;
    }

    private async Task StoreAsync()
    {
        RequireOwn();
        if (!_isDirty && !_outbox.IsDirty)
        {
            return;
        }

        var document = new ModelEventsDocument(ModelEventsDocument.CurrentFormat, _told, [.. _outbox.Pending], _outbox.Number, _outbox.Dropped);
        long? due = document.Pending.Length > 0 ? (_time.GetUtcNow() + Overdue).ToUnixTimeMilliseconds() : null;
        _isDirty = _outbox.IsDirty = false;
        var stored = false;
        try
        {
            stored = await _store.SaveAsync(_key, _version, due, document, CancellationToken.None);
            _version++;
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
}
