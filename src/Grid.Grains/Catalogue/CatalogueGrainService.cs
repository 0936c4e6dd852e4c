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
        using var timer = new PeriodicTimer(Period);
        do
        {
            try
            {
                await _replica.PullAsync(cancellationToken);
                await _models.ReportAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (Exception e)
            {
                // The copy in force goes on serving; readiness tells its age.
                LogPullFailed(e, _replica.Current.Revision);
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
}
