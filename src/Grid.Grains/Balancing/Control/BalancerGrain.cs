using System.Diagnostics;
using Grid.Abstractions;
using Grid.Grains.Balancing.Costs;
using Grid.Grains.Balancing.Rules;
using Grid.Grains.Catalogue;
using Grid.Grains.Gossip;
using Grid.Grains.Hosting;
using Grid.Primitives;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Grid.Grains.Balancing.Control;

/// <inheritdoc cref="IBalancerGrain"/>
/// <remarks>
/// Reentrant, so that it can be asked while it moves shards; one look at a time. What it remembers is in memory: a new balancer begins with what it sees,
/// and two of them for a moment do no harm, because every move is fenced by the shard's own epoch.
/// </remarks>
[GrainType("grid.balancer"), Reentrant, PreferLocalPlacement]
internal sealed partial class BalancerGrain : Grain, IBalancerGrain, IDisposable
{
    /// <summary>Decisions that the last report shows.</summary>
    private const int Shown = 64;

    private readonly LoadCollector _collector;
    private readonly ShardMover _mover;
    private readonly ReplicaChanger _replicas;
    private readonly Explainer _explainer;
    private readonly BalancerInstruments _instruments;
    private readonly PlacementInstruments _placement;
    private readonly ClusterView _view;
    private readonly CatalogueReplica _catalogue;
    private readonly BalancerOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<BalancerGrain> _logger;
    private readonly MoveBudget _budget;
    private readonly DecisionLog _log = new();
    private readonly SemaphoreSlim _looking = new(1);
    private BalanceState _state = BalanceState.Empty;
    private BalanceReport _report;
    private IReadOnlyList<HeldBack> _held = [];
    private long _nowMs;

    public BalancerGrain(
        LoadCollector collector,
        ShardMover mover,
        ReplicaChanger replicas,
        Explainer explainer,
        BalancerInstruments instruments,
        PlacementInstruments placement,
        ClusterView view,
        CatalogueReplica catalogue,
        IOptions<GridGrainsOptions> options,
        TimeProvider time,
        ILogger<BalancerGrain> logger)
    {
        _collector = collector;
        _mover = mover;
        _replicas = replicas;
        _explainer = explainer;
        _instruments = instruments;
        _placement = placement;
        _view = view;
        _catalogue = catalogue;
        _options = options.Value.Balancer;
        _time = time;
        _logger = logger;
        _budget = new MoveBudget(_options.MovesPerMinute);
        _report = new BalanceReport { Mode = _options.Mode, Imbalance = 1, Locality = 1 };
    }

    public override Task OnActivateAsync(CancellationToken cancellationToken)
    {
        // Numbers begin at the time, so that they rise over all balancers that the cluster has had.
        _state = BalanceState.Empty with { NextId = NowMs() };
        this.RegisterGrainTimer(TickAsync, new GrainTimerCreationOptions(_options.Period, _options.Period) { KeepAlive = true, Interleave = true });
        LogBegins(_options.Mode, _options.Period);
        return Task.CompletedTask;
    }

    public override Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken)
    {
        _instruments.Left();
        return Task.CompletedTask;
    }

    public void Dispose() => _looking.Dispose();

    public Task KeepAsync() => Task.CompletedTask;

    public Task<BalanceReport> GetAsync() => Task.FromResult(_report with { Decisions = [.. _log.All.TakeLast(Shown)] });

    public Task<BalanceReport> RebalanceAsync(bool isDryRun, CancellationToken cancellationToken) => LookAsync(isDryRun, isForced: true, cancellationToken);

    public async Task<Explanation> ExplainAsync(string subject, CancellationToken cancellationToken)
    {
        var parsed = ExplainSubject.Parse(subject, await _catalogue.PullAsync(cancellationToken));
        if (parsed.Decision is { } id)
        {
            return Explainer.Decision(id, _log);
        }

        var load = await _collector.CollectAsync(cancellationToken);
        if (parsed.Version is { } version)
        {
            return Explainer.Version(version, load, _log, _held);
        }

        var shard = parsed.Shard!.Value;
        var status = await GrainFactory.GetGrain<IFeatureShardGrain>(shard.ToString()).GetStatusAsync(withDigest: false);
        var owner = load.Addresses.FirstOrDefault(pair => pair.Value.ToParsableString() == status.Silo).Key ?? status.Silo;
        return _explainer.Shard(shard, owner, load, new Look(load.Map, _options.ToPolicy(), _state, NowMs()), _log, _held);
    }

    private async Task TickAsync(CancellationToken cancellationToken)
    {
        if (_view.Phase != SiloPhase.Active)
        {
            // Moved and not only ended: the silo that wakes it remembers this address, and would have it made here again with each call.
            if (BalancerKeeper.Holder(_view.Takers()) is { } holder)
            {
                RequestContext.Set(IPlacementDirector.PlacementHintKey, holder);
                MigrateOnIdle();
            }

            return;
        }

        if (_options.Mode == BalanceMode.Off)
        {
            return;
        }

        try
        {
            await LookAsync(_options.Mode == BalanceMode.DryRun, isForced: false, cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Everything stays where it is until the next look.
            LogFailed(e);
        }
    }

    private async Task<BalanceReport> LookAsync(bool isDryRun, bool isForced, CancellationToken cancellationToken)
    {
        await _looking.WaitAsync(cancellationToken);
        try
        {
            // 1. Look and decide, within what is left of this minute's moves.
            var began = _time.GetTimestamp();
            var load = await _collector.CollectAsync(cancellationToken);
            var now = NowMs();
            var policy = _options.ToPolicy();
            policy = policy with
            {
                MovesPerLook = isDryRun ? policy.MovesPerLook : Math.Min(policy.MovesPerLook, _budget.Left(now)),
                SustainMs = isForced ? 0 : policy.SustainMs,
            };
            var decidedAt = Stopwatch.GetTimestamp();
            var result = Balancer.Decide(load.Map, policy, _state, now);

            // 2. What was not carried out must not count as done: only the marks and the number go on.
            _state = isDryRun ? result.State with { Moves = _state.Moves, Versions = _state.Versions } : result.State;
            _held = result.Held;
            foreach (var decision in result.Decisions)
            {
                _log.Add(decision, isDryRun ? DecisionOutcome.DryRun : DecisionOutcome.Pending);
                LogDecision(decision.Id, isDryRun ? "would be" : "is", decision.Kind, decision.Subject, decision.From, decision.To, decision.Reason);
            }

            _report = Report(load, result, isDryRun);
            _placement.Took(PlacementWork.Decide, decidedAt);
            _instruments.Looked(_report, _time.GetElapsedTime(began));

            // 3. Carry out.
            if (isDryRun)
            {
                foreach (var decision in result.Decisions)
                {
                    _instruments.Ended(decision.Kind, DecisionOutcome.DryRun, TimeSpan.Zero);
                }
            }
            else
            {
                await ChangeReplicasAsync(result.Decisions, load, cancellationToken);
                await CarryOutAsync([.. result.Decisions.Where(static d => d.IsMove)], load, cancellationToken);
            }

            return _report with { Decisions = [.. result.Decisions.Select(d => _log.Find(d.Id)).OfType<BalanceDecisionInfo>()] };
        }
        finally
        {
            _looking.Release();
        }
    }

    /// <summary>All that was decided about one version is one change of its plan.</summary>
    private async Task ChangeReplicasAsync(IEnumerable<BalanceDecision> decisions, ClusterLoad load, CancellationToken cancellationToken)
    {
        foreach (var group in decisions.Where(static d => !d.IsMove).GroupBy(static d => d.Subject, StringComparer.Ordinal))
        {
            var began = _time.GetTimestamp();
            var failure = await _replicas.ChangeAsync(group.Key, [.. group], load, cancellationToken);
            var took = _time.GetElapsedTime(began);
            foreach (var decision in group)
            {
                var outcome = failure is null ? DecisionOutcome.Done : DecisionOutcome.Failed;
                _log.End(decision.Id, outcome, took.TotalMilliseconds, failure);
                _instruments.Ended(decision.Kind, outcome, took);
            }

            if (failure is not null)
            {
                LogNotPlanned(group.Key, failure);
            }
        }
    }

    /// <summary>A few at a time; in the order of the decisions, the most urgent first.</summary>
    private async Task CarryOutAsync(IReadOnlyList<BalanceDecision> decisions, ClusterLoad load, CancellationToken cancellationToken)
    {
        var next = 0;
        await Task.WhenAll(Enumerable.Range(0, Math.Min(_options.MovesAtOnce, decisions.Count)).Select(_ => WorkAsync()));

        async Task WorkAsync()
        {
            while (next < decisions.Count)
            {
                await CarryOutAsync(decisions[next++], load, cancellationToken);
            }
        }
    }

    private async Task CarryOutAsync(BalanceDecision decision, ClusterLoad load, CancellationToken cancellationToken)
    {
        var shard = ShardKey.Parse(decision.Subject);
        var began = _time.GetTimestamp();
        string? failure;
        if (cancellationToken.IsCancellationRequested)
        {
            failure = "The balancer was stopped before.";
        }
        else
        {
            _budget.Spend(NowMs());
            failure = await _mover.MoveAsync(shard, load.Addresses[decision.To!], cancellationToken);
        }

        var took = _time.GetElapsedTime(began);
        var outcome = failure is null ? DecisionOutcome.Done : DecisionOutcome.Failed;
        _log.End(decision.Id, outcome, took.TotalMilliseconds, failure);
        _instruments.Ended(decision.Kind, outcome, took);
        if (failure is null)
        {
            LogMoved(decision.Id, decision.Subject, decision.From, decision.To, took.TotalMilliseconds);
        }
        else
        {
            _state = _state.WithFailed(shard);
            LogNotMoved(decision.Id, decision.Subject, decision.To, failure);
        }
    }

    private BalanceReport Report(ClusterLoad load, BalanceResult result, bool isDryRun) => new()
    {
        AtMs = _nowMs,
        Mode = _options.Mode,
        IsDryRun = isDryRun,
        Imbalance = result.Imbalance,
        Locality = load.Locality(),
        Silos = [.. load.Map.Silos.OrderBy(static s => s.Silo, StringComparer.Ordinal).Select(static s => new SiloShare(
            s.Silo,
            s.CapacityCores,
            s.UsedCores,
            s.QueueMs,
            s.Hot.Count + s.Rest.Shards,
            s.Hot.Sum(static h => h.StateBytes) + s.Rest.StateBytes,
            s.Calls.Sum(static c => c.PerSecond),
            s.Calls.Sum(static c => c.RemotePerSecond)))],
        Held = [.. result.Held.Select(static h => new BalanceHeld(h.Subject, h.Reason))],
    };

    /// <summary>Never runs backwards, as the decisions demand, whatever the clock does.</summary>
    private long NowMs() => _nowMs = Math.Max(_nowMs, _time.GetUtcNow().ToUnixTimeMilliseconds());

    [LoggerMessage(EventId = 2731, Level = LogLevel.Information, Message = "The balancer is here (mode {Mode}) and looks every {Period}")]
    private partial void LogBegins(BalanceMode mode, TimeSpan period);

    [LoggerMessage(EventId = 2732, Level = LogLevel.Error, Message = "The balancer could not look at the cluster; everything stays where it is")]
    private partial void LogFailed(Exception error);

    [LoggerMessage(EventId = 2733, Level = LogLevel.Information, Message = "Decision {Id} {Mood} {Kind}: {Subject} from {From} to {To}. {Reason}")]
    private partial void LogDecision(long id, string mood, DecisionKind kind, string subject, string? from, string? to, string reason);

    [LoggerMessage(EventId = 2734, Level = LogLevel.Information, Message = "Decision {Id} is done: {Subject} went from {From} to {To} in {Milliseconds:0} ms")]
    private partial void LogMoved(long id, string subject, string? from, string? to, double milliseconds);

    [LoggerMessage(EventId = 2736, Level = LogLevel.Warning, Message = "The replicas of version {Version} stay as they are. {Failure}")]
    private partial void LogNotPlanned(string version, string failure);

    [LoggerMessage(EventId = 2735, Level = LogLevel.Warning, Message = "Decision {Id} could not be carried out: {Subject} did not go to {To}. {Failure}")]
    private partial void LogNotMoved(long id, string subject, string? to, string failure);
}
