using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Grains.Hosting;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Orleans.Runtime;

namespace Grid.Grains.Rollouts;

/// <summary>
/// Tells the rollout actors once a second what this silo has counted. Reports hold everything since the last change of traffic, so a lost one is made good by
/// the next, and an actor that starts anew has all within a second. They also keep the actor awake for as long as there is something to judge.
/// </summary>
internal sealed partial class RolloutReporter : BackgroundService
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    private readonly RolloutCounters _counters;
    private readonly CatalogueReplica _catalogue;
    private readonly IGrainFactory _grains;
    private readonly ILogger<RolloutReporter> _logger;
    private readonly string _silo;

    public RolloutReporter(RolloutCounters counters, CatalogueReplica catalogue, IGrainFactory grains, ILocalSiloDetails silo, ILogger<RolloutReporter> logger)
    {
        _counters = counters;
        _catalogue = catalogue;
        _grains = grains;
        _logger = logger;
        _silo = silo.SiloAddress.ToParsableString();
        catalogue.Changed += counters.Follow;
    }

    /// <summary>Reports every model on trial.</summary>
    public async Task ReportAsync()
    {
        foreach (var (model, counters) in _counters.All)
        {
            try
            {
                await _grains.GetGrain<IRolloutGrain>(model.ToString()).ReportAsync(counters.Report(_silo));
            }
            catch (Exception e) when (CallErrors.MayPass(e))
            {
                // The next period repeats it.
                LogNotReported(e, model.ToString());
            }
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Period);
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                await ReportAsync();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // The silo stops.
        }
    }

    public override void Dispose()
    {
        _catalogue.Changed -= _counters.Follow;
        base.Dispose();
    }

    [LoggerMessage(EventId = 2131, Level = LogLevel.Debug, Message = "The counts of model {Model} could not be reported")]
    private partial void LogNotReported(Exception error, string model);
}
