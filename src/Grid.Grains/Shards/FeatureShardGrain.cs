using Grid.Abstractions;
using Grid.Features.Shards;
using Grid.Grains.Balancing.Costs;
using Grid.Grains.Catalogue;
using Grid.Grains.Hosting;
using Grid.Grains.Ownership;
using Grid.Grains.Placement;
using Grid.Primitives;
using Grid.Storage;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Grid.Grains.Shards;

/// <inheritdoc cref="IFeatureShardGrain"/>
/// <remarks>Reentrant, so that reads interleave with a change that yields; changes keep their order by <see cref="TurnQueue"/>.</remarks>
[GrainType("grid.feature-shard"), Reentrant, ShardPlacement]
internal sealed partial class FeatureShardGrain : Grain, IFeatureShardGrain, IDisposable
{
    /// <summary>How soon a caller may find the new owner of a shard that was lost.</summary>
    private const int RetryLostMs = 100;

    /// <summary>Memory comes back when something is moved or removed, not soon.</summary>
    private const int RetryFullMs = 1000;

    private readonly ShardLoader _loader;
    private readonly ShardPredictor _predictor;
    private readonly ShardReader _reader;
    private readonly IShardStore _store;
    private readonly IDeadLetterStore _deadLetters;
    private readonly OwnershipConfirmer _confirmer;
    private readonly OwnMembership _membership;
    private readonly LocalShards _local;
    private readonly CatalogueReplica _catalogue;
    private readonly ShardOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<FeatureShardGrain> _logger;
    private readonly string _silo;
    private readonly ShardKey _key;
    private readonly ShardCost _cost;
    private readonly TurnQueue _turns;

    // Set on activation and never again; a shard that is lost keeps them until it is gone.
    private ShardState _state = null!;
    private ShardOwnership _ownership = null!;
    private ShardCommitter _committer = null!;
    private OutboxPump _outbox = null!;
    private GridError? _lost;
    private long _eventsHandled;

    public FeatureShardGrain(
        ShardLoader loader,
        ShardPredictor predictor,
        ShardReader reader,
        IShardStore store,
        IDeadLetterStore deadLetters,
        OwnershipConfirmer confirmer,
        OwnMembership membership,
        LocalShards local,
        CatalogueReplica catalogue,
        IOptions<GridGrainsOptions> options,
        ILocalSiloDetails silo,
        TimeProvider time,
        ILogger<FeatureShardGrain> logger)
    {
        _loader = loader;
        _predictor = predictor;
        _reader = reader;
        _store = store;
        _deadLetters = deadLetters;
        _confirmer = confirmer;
        _membership = membership;
        _local = local;
        _catalogue = catalogue;
        _options = options.Value.Shards;
        _time = time;
        _logger = logger;
        _silo = silo.SiloAddress.ToParsableString();
        _key = ShardKey.Parse(this.GetPrimaryKeyString());
        _cost = new ShardCost(_key);
        _predictor.Cost = _cost;
        _turns = new TurnQueue(_options.MaxWaitingChanges);
    }

    public override async Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // 1. The tenant says that the shard exists.
        var shards = await RequireTenantAsync(cancellationToken);

        // 2. Epoch, then state. The age of the ownership counts from before the epoch was taken.
        var askedAt = _time.GetTimestamp();
        var loaded = await _loader.LoadAsync(_key, shards, cancellationToken);
        _state = loaded.State;
        _ownership = new ShardOwnership(loaded.Lease, askedAt, _time);
        _committer = new ShardCommitter(_state, _store, _ownership, _options, _time, _logger, loaded.SnapshotSequence, loaded.LogBytes, Lose);
        _outbox = new OutboxPump(_key, _state, _committer, _deadLetters, _turns, _time, _logger);

        // 3. Serve.
        _committer.Start();
        _confirmer.Add(_ownership);
        _cost.StateBytes = _state.PageBytes;
        _local.Add(_cost, GrainContext);
        _outbox.Signal();
        LogActivated(_key, _ownership.Lease.Epoch, _committer.DurableSequence, _committer.SnapshotSequence);
    }

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        if (_committer is null)
        {
            return;
        }

        _confirmer.Remove(_ownership);
        _local.Remove(GrainContext);
        await _outbox.StopAsync();
        await _committer.StopAsync(cancellationToken);
        LogDeactivated(_key, _ownership.Lease.Epoch, _committer.DurableSequence, reason.ReasonCode);
    }

    /// <summary>The runtime calls this when the activation is gone.</summary>
    public void Dispose()
    {
        _outbox?.Dispose();
        _committer?.Dispose();
        _state?.Dispose();
    }

    public async ValueTask<DeliveryAnswer> DeliverAsync(SourceDelivery delivery, CancellationToken cancellationToken)
    {
        if (RefuseChange() is { } refusal)
        {
            return new DeliveryAnswer(DeliveryStatus.Refused, -1, -1, refusal);
        }

        var source = _committer.Source(delivery.Feed, delivery.Partition);
        using var turn = await _turns.EnterAsync();
        cancellationToken.ThrowIfCancellationRequested();
        if (delivery.ReaderEpoch < source.ReaderEpoch)
        {
            return Answer(source, DeliveryStatus.StaleReader);
        }

        source.ReaderEpoch = delivery.ReaderEpoch;
        AdoptPlan();
        var check = _state.BeginDelivery(delivery.Feed, delivery.Partition, delivery.Previous, delivery.FromFrontier);
        if (!check.IsAccepted)
        {
            return Refuse(source, check.Refusal);
        }

        var cursor = check.Cursor;
        try
        {
            while (ApplyDelivery(delivery.Events, ref cursor) > 0 && cursor.Stopped == DeliveryRefusal.None)
            {
                if (cursor.Handled == delivery.Events.Count)
                {
                    break;
                }

                await YieldAsync();
                if (_lost is not null)
                {
                    return Answer(source, DeliveryStatus.Refused, _lost);
                }
            }
        }
        catch (GridException e)
        {
            return Answer(source, DeliveryStatus.Refused, e.Error);
        }
        finally
        {
            _eventsHandled += cursor.Handled;
            AfterChange();
        }

        return cursor.Stopped == DeliveryRefusal.None ? Answer(source, DeliveryStatus.Applied) with { Skipped = cursor.Skipped } : Refuse(source, cursor.Stopped);
    }

    public ValueTask<SourceMarks> GetMarksAsync(string feed, string partition)
    {
        if (Lost() is { } lost)
        {
            throw lost.ToException();
        }

        var source = _committer.Source(feed, partition);
        return new ValueTask<SourceMarks>(source.With(_state.GetMark(feed, partition)));
    }

    public async ValueTask<PushAnswer> AppendAsync(PushRequest request, CancellationToken cancellationToken)
    {
        if (RefuseChange() is { } refusal)
        {
            return new PushAnswer([], refusal);
        }

        var receivedMs = _time.GetUtcNow().ToUnixTimeMilliseconds();
        var outcomes = new EventOutcome[request.Events.Count];
        using (await _turns.EnterAsync())
        {
            cancellationToken.ThrowIfCancellationRequested();
            AdoptPlan();
            var cursor = default(PushCursor);
            try
            {
                while (ApplyPush(request.Events, receivedMs, ref cursor, outcomes) > 0 && cursor.Handled < outcomes.Length)
                {
                    await YieldAsync();
                    if (_lost is not null)
                    {
                        // What was applied before may be in a block that was under way.
                        return new PushAnswer([], _lost with { Code = GridErrorCode.OutcomeUnknown });
                    }
                }
            }
            catch (GridException e)
            {
                return new PushAnswer([], e.Error);
            }
            finally
            {
                _eventsHandled += cursor.Handled;
                AfterChange();
            }
        }

        if (request.Ack == AckMode.Durable || Array.Exists(outcomes, static o => o.Verdict == EventVerdict.Duplicate))
        {
            try
            {
                // A duplicate waits in either mode: its first copy may still be under way, and it will not be sent again.
                await _committer.DurableAsync().WaitAsync(cancellationToken);
            }
            catch (GridException e)
            {
                return new PushAnswer([], e.Error);
            }
        }

        return new PushAnswer([.. outcomes.Select((outcome, i) => new EventAnswer(outcome.Verdict, outcome.ToError($"events[{i}]")?.ToString()))]);
    }

    public async ValueTask<Prediction> PredictAsync(PredictRequest request, CancellationToken cancellationToken)
    {
        if (Lost() is { } lost)
        {
            return Prediction.Failed(request.Model, request.Entity, lost);
        }

        await CatchUpAsync();
        return await _predictor.PredictAsync(_key, _state, _ownership, request, cancellationToken);
    }

    public async ValueTask<Prediction[]> PredictManyAsync(PredictManyRequest request, CancellationToken cancellationToken)
    {
        if (Lost() is { } lost)
        {
            return [.. request.Entities.Select(entity => Prediction.Failed(request.Model, entity, lost))];
        }

        await CatchUpAsync();
        return await _predictor.PredictManyAsync(_key, _state, _ownership, request, cancellationToken);
    }

    public async ValueTask<FeatureReading> ReadAsync(FeatureReadRequest request)
    {
        if (Lost() is { } lost)
        {
            return new FeatureReading(request.View, request.Entity, 0, [], [], [], null, 0, lost);
        }

        await CatchUpAsync();
        var start = _time.GetTimestamp();
        var reading = _reader.Read(_key, _state, _ownership, request);
        _cost.Read(_time.GetTimestamp() - start);
        return reading;
    }

    public async ValueTask FlushAsync(CancellationToken cancellationToken)
    {
        if (Lost() is { } lost)
        {
            throw lost.ToException();
        }

        await _committer.DurableAsync().WaitAsync(cancellationToken);
    }

    public async ValueTask<ShardStatus> GetStatusAsync(bool withDigest)
    {
        using var turn = await _turns.EnterAsync();
        return new ShardStatus(
            _key.ToString(),
            _silo,
            _ownership.Lease.Epoch,
            _committer.SealedSequence,
            _committer.DurableSequence,
            _committer.SnapshotSequence,
            _state.RecordCount,
            _state.PageBytes,
            _eventsHandled,
            _predictor.Predictions,
            _state.Plan.Generation.ToString(),
            withDigest ? _state.StateDigest().ToString() : "");
    }

    private async Task<int> RequireTenantAsync(CancellationToken cancellationToken)
    {
        var name = $"{_key.Workspace}/{_key.Tenant}";
        if (!_catalogue.Current.Tenants.TryGetValue(name, out var tenant)
            && !(await _catalogue.PullAsync(cancellationToken)).Tenants.TryGetValue(name, out tenant))
        {
            throw GridError.NotFound($"tenant '{_key.Tenant}'", $"is not in workspace '{_key.Workspace}'.", $"Create it: grid tenants create {_key.Tenant}.").ToException();
        }

        return _key.Shard < tenant.Entry.Shards
            ? tenant.Entry.Shards
            : throw GridError.NotFound($"shard {_key.Shard} of tenant '{_key.Tenant}'", $"does not exist: the tenant has {tenant.Entry.Shards}.", "Count shards from 0.").ToException();
    }

    /// <summary>Lays the state out for the views in force. Within a turn, so that no event is half in one layout.</summary>
    private void AdoptPlan()
    {
        var plan = _catalogue.Current.PlanOf(_key.Workspace);
        if (plan.Generation != _state.Plan.Generation)
        {
            LogSwitch(_key, _state.Plan.Generation, plan.Generation);
            _state.SwitchPlan(plan);
        }
    }

    /// <summary>A read of views that are newer than the layout waits for the turn that adopts them. Free where there is nothing to adopt.</summary>
    private ValueTask CatchUpAsync()
    {
        var plan = _catalogue.Current.PlanOf(_key.Workspace);
        return ReferenceEquals(plan, _state.Plan) || plan.Generation == _state.Plan.Generation ? ValueTask.CompletedTask : AdoptAsync();

        async ValueTask AdoptAsync()
        {
            using var turn = await _turns.EnterAsync();
            AdoptPlan();
            AfterChange();
        }
    }

    private GridError? RefuseChange()
    {
        if (Lost() is { } lost)
        {
            return lost;
        }

        if (_committer.Away is { } away)
        {
            return away;
        }

        if (_turns.IsFull)
        {
            return GridError.Overloaded($"shard {_key}", $"has {_turns.Waiting} changes waiting, its limit.", "Send fewer at once, or give the tenant more shards.", RetryLostMs);
        }

        return _committer.UncommittedBytes > _options.MaxUncommittedBytes
            ? GridError.Overloaded($"shard {_key}", $"has {_committer.UncommittedBytes} bytes not yet committed, over its limit of {_options.MaxUncommittedBytes}.", "Wait for the store to catch up.", RetryLostMs)
            : null;
    }

    private DeliveryAnswer Refuse(SourceProgress source, DeliveryRefusal refusal)
    {
        switch (refusal)
        {
            case DeliveryRefusal.Gap:
                return Answer(source, DeliveryStatus.Gap);
            case DeliveryRefusal.OutboxFull:
                _outbox.Signal();
                return Answer(source, DeliveryStatus.Refused, GridError.Overloaded(
                    $"shard {_key}",
                    "has set aside as many events as it may hold.",
                    "Wait until they are delivered to the dead letters, and look there for why so many are set aside.",
                    RetryLostMs));
            default:
                return Answer(source, DeliveryStatus.Refused, GridError.Overloaded(
                    $"shard {_key}",
                    "found the memory for features full.",
                    "Raise the capacity for feature pages, or add a silo.",
                    RetryFullMs));
        }
    }

    private void AfterChange()
    {
        _committer.Applied();
        _outbox.Signal();
    }

    private DeliveryAnswer Answer(SourceProgress source, DeliveryStatus status, GridError? error = null) =>
        new(status, _state.GetMark(source.Feed, source.Partition), source.Durable, error);

    /// <summary>Why this actor is the owner no more, or null. One that nobody writes to learns it from the confirmer alone, and must go all the same.</summary>
    private GridError? Lost()
    {
        if (_lost is null && _ownership.FencedBy is var epoch && epoch != 0)
        {
            Lose(GridError.Unavailable($"shard {_key}", $"was taken over by epoch {epoch}.", fix: null, RetryLostMs));
        }

        return _lost;
    }

    private void Lose(GridError error)
    {
        _lost = error with { Code = GridErrorCode.Unavailable, Fix = "Send it again: the new owner answers.", RetryAfterMs = RetryLostMs };
        _membership.Doubt();
        DeactivateOnIdle();
    }

    /// <summary>Lets waiting reads run; they see whole events only.</summary>
    private static async Task YieldAsync() => await Task.Yield();

    [LoggerMessage(EventId = 2511, Level = LogLevel.Information, Message = "Shard {Shard} is owned under epoch {Epoch}, at block {Sequence} (snapshot {Snapshot})")]
    private partial void LogActivated(ShardKey shard, long epoch, long sequence, long snapshot);

    [LoggerMessage(EventId = 2512, Level = LogLevel.Information, Message = "Shard {Shard}: epoch {Epoch} ends at block {Sequence} ({Reason})")]
    private partial void LogDeactivated(ShardKey shard, long epoch, long sequence, DeactivationReasonCode reason);

    [LoggerMessage(EventId = 2513, Level = LogLevel.Information, Message = "Shard {Shard} goes from views {Before} to {After}")]
    private partial void LogSwitch(ShardKey shard, Digest before, Digest after);
}
