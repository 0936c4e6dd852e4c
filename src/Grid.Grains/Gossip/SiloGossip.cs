using System.Diagnostics;
using Grid.Abstractions;
using Grid.Grains.Balancing.Control;
using Grid.Grains.Balancing.Costs;
using Grid.Grains.Draining;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Grid.Grains.Gossip;

/// <inheritdoc cref="ISiloGossip"/>
[Reentrant]
internal sealed partial class SiloGossip : GrainService, ISiloGossip
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly ClusterView _view;
    private readonly GossipSender _sender;
    private readonly SiloDrain _drain;
    private readonly LoadMeter _load;
    private readonly BalancerKeeper _balancer;
    private readonly PlacementInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly ILogger<SiloGossip> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;

    public SiloGossip(
        GrainId id,
        Silo silo,
        ILoggerFactory loggerFactory,
        ClusterView view,
        GossipSender sender,
        SiloDrain drain,
        LoadMeter load,
        BalancerKeeper balancer,
        PlacementInstruments instruments,
        TimeProvider time)
        : base(id, silo, loggerFactory)
    {
        _view = view;
        _sender = sender;
        _drain = drain;
        _load = load;
        _balancer = balancer;
        _instruments = instruments;
        _time = time;
        _logger = loggerFactory.CreateLogger<SiloGossip>();
    }

    public Task HearAsync(SiloInfo info)
    {
        var began = Stopwatch.GetTimestamp();
        _view.Heard(info);
        _instruments.Took(PlacementWork.Gossip, began);
        return Task.CompletedTask;
    }

    public Task<SiloInfo> DrainAsync() => _drain.RunAsync(_stopping.Token);

    public Task<LoadReport> ReadLoadAsync()
    {
        var began = Stopwatch.GetTimestamp();
        var report = _load.Read();
        _instruments.Took(PlacementWork.Report, began);
        return Task.FromResult(report);
    }

    protected override Task StartInBackground()
    {
        _loop = Task.Run(() => RunAsync(_stopping.Token));
        return Task.CompletedTask;
    }

    public override async Task Stop()
    {
        await _stopping.CancelAsync();
        await _loop;
        await base.Stop();
    }

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, _time);
        try
        {
            do
            {
                try
                {
                    var began = Stopwatch.GetTimestamp();
                    _load.Sample();
                    _instruments.Took(PlacementWork.Sample, began);
                    began = Stopwatch.GetTimestamp();
                    _view.Trim();
                    _balancer.Keep();
                    _ = _sender.TellAsync();
                    _instruments.Took(PlacementWork.Gossip, began);
                }
                catch (Exception e)
                {
                    // One silo's news is late by a second.
                    LogFailed(e);
                }
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    [LoggerMessage(EventId = 2701, Level = LogLevel.Warning, Message = "This silo could not tell the others how it is")]
    private partial void LogFailed(Exception error);
}
