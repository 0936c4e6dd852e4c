using Grid.Grains.Models;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Grid.Grains.Catalogue;

/// <inheritdoc cref="ICatalogueGrainService"/>
[Reentrant]
internal sealed partial class CatalogueGrainService : GrainService, ICatalogueGrainService
{
    /// <summary>A silo that missed an announcement is behind for this long at the most.</summary>
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>A store that is away fills no log: the first failed pull is told, and then one a minute.</summary>
    private const int PullsPerReport = 60;

    private readonly CatalogueReplica _replica;
    private readonly ModelReconciler _models;
    private readonly ILogger<CatalogueGrainService> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private Task _loop = Task.CompletedTask;

    public CatalogueGrainService(
        GrainId id,
        Silo silo,
        ILoggerFactory loggerFactory,
        CatalogueReplica replica,
        ModelReconciler models)
        : base(id, silo, loggerFactory)
    {
        _replica = replica;
        _models = models;
        _logger = loggerFactory.CreateLogger<CatalogueGrainService>();
    }

    public async Task<long> AdvanceAsync(long revision)
    {
        if (_replica.Current.Revision < revision)
        {
            await _replica.PullAsync(_stopping.Token);
        }

        return _replica.Current.Revision;
    }

    protected override Task StartInBackground()
    {
        _loop = RunAsync(_stopping.Token);
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
        var failing = 0;
        using var timer = new PeriodicTimer(Period);
        do
        {
            try
            {
                await _replica.PullAsync(cancellationToken);
                await _models.ReportAsync(cancellationToken);
                if (failing > 0)
                {
                    LogPulledAgain(_replica.Current.Revision, failing);
                    failing = 0;
                }
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The copy in force goes on serving; readiness tells its age.
                if (failing++ % PullsPerReport == 0)
                {
                    LogPullFailed(e, _replica.Current.Revision);
                }
            }
        }
        while (await WaitAsync(timer, cancellationToken));
    }

    private static async ValueTask<bool> WaitAsync(PeriodicTimer timer, CancellationToken cancellationToken)
    {
        try
        {
            return await timer.WaitForNextTickAsync(cancellationToken);
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    [LoggerMessage(EventId = 2020, Level = LogLevel.Error, Message = "The catalogue could not be pulled; revision {Revision} stays in force")]
    private partial void LogPullFailed(Exception error, long revision);

    [LoggerMessage(EventId = 2021, Level = LogLevel.Information, Message = "The catalogue is pulled again, at revision {Revision}, after {Failures} pulls that failed")]
    private partial void LogPulledAgain(long revision, int failures);
}
