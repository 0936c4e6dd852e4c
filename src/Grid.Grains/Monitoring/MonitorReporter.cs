using Grid.Abstractions;
using Grid.Grains.Hosting;
using Grid.Primitives;
using Grid.Storage;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace Grid.Grains.Monitoring;

/// <summary>
/// Sketches what this silo has answered, a little at a time and away from the prediction path, reports it once a period, and wakes monitors that are overdue:
/// after a silo died, nobody else knows that their events wait.
/// </summary>
internal sealed partial class MonitorReporter : BackgroundService
{
    private static readonly TimeSpan Step = TimeSpan.FromMilliseconds(200);

    /// <summary>Rows that are sketched in one step: a row of 25 columns takes some 3 µs, so this is under 3 % of a core.</summary>
    private const int RowsAStep = 2048;

    private const int MaxWoken = 100;

    /// <summary>What a stop may spend on the last report.</summary>
    private static readonly TimeSpan LastReport = TimeSpan.FromSeconds(2);

    private readonly MonitorFeeds _feeds;
    private readonly IDocumentStore _documents;
    private readonly IGrainFactory _grains;
    private readonly MonitoringOptions _options;
    private readonly TimeProvider _time;
    private readonly ILogger<MonitorReporter> _logger;
    private readonly string _silo;
    private readonly Dictionary<VersionFeed, FeedReport> _reports = [];

    public MonitorReporter(
        MonitorFeeds feeds,
        IDocumentStore documents,
        IGrainFactory grains,
        IOptions<GridGrainsOptions> options,
        TimeProvider time,
        ILocalSiloDetails silo,
        ILogger<MonitorReporter> logger)
    {
        _feeds = feeds;
        _documents = documents;
        _grains = grains;
        _options = options.Value.Monitoring;
        _time = time;
        _logger = logger;
        _silo = silo.SiloAddress.ToParsableString();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        if (!_options.Enabled)
        {
            return;
        }

        var step = Step < _options.Period ? Step : _options.Period;
        using var timer = new PeriodicTimer(step, _time);
        var reported = _time.GetTimestamp();
        try
        {
            while (await timer.WaitForNextTickAsync(stoppingToken))
            {
                Drain();
                if (_time.GetElapsedTime(reported) >= _options.Period)
                {
                    reported = _time.GetTimestamp();
                    await ReportAsync();
                    await WakeAsync(stoppingToken);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What the last seconds saw is worth a try; a monitor that is gone already does not hold the stop up.
            Drain();
            await Task.WhenAny(ReportAsync(), Task.Delay(LastReport, _time, CancellationToken.None));
        }
    }

    private void Drain()
    {
        foreach (var feed in _feeds.All)
        {
            if (!_reports.TryGetValue(feed, out var report))
            {
                _reports.Add(feed, report = new FeedReport(feed, _silo, _options, _time));
            }

            report.Drain(RowsAStep);
        }
    }

    private async Task ReportAsync()
    {
        await Task.WhenAll(_reports.Select(pair => SendAsync(pair.Key, pair.Value)).ToArray());
        foreach (var (feed, _) in _reports.Where(static pair => pair.Value.IsIdle).ToArray())
        {
            _feeds.Retire(feed);
            _reports.Remove(feed);
        }
    }

    private async Task SendAsync(VersionFeed feed, FeedReport report)
    {
        try
        {
            await report.SendAsync(_grains.GetGrain<IMonitorGrain>(feed.Key.ModelKey.ToString()));
        }
        catch (Exception e) when (CallErrors.MayPass(e))
        {
            LogNotReported(e, feed.Key);
        }
    }

    private async Task WakeAsync(CancellationToken cancellationToken)
    {
        IReadOnlyList<string> due = [];
        try
        {
            due = await _documents.DueAsync(MonitorStore.SignalsKind, _time.GetUtcNow().ToUnixTimeMilliseconds(), MaxWoken, cancellationToken);
        }
        catch (Exception e) when (CallErrors.MayPass(e, cancellationToken))
        {
            LogNotAsked(e);
        }

        // One that cannot be woken holds up no other; the next period tries again.
        foreach (var name in due)
        {
            try
            {
                await _grains.GetGrain<IMonitorGrain>(name).WakeAsync();
            }
            catch (Exception e) when (CallErrors.MayPass(e, cancellationToken))
            {
                LogNotWoken(e, name);
            }
        }
    }

    [LoggerMessage(EventId = 2801, Level = LogLevel.Warning, Message = "What version {Version} answered could not be reported to its monitor; it is kept and sent again")]
    private partial void LogNotReported(Exception error, VersionKey version);

    [LoggerMessage(EventId = 2802, Level = LogLevel.Warning, Message = "The monitor of model {Model} is overdue and could not be woken")]
    private partial void LogNotWoken(Exception error, string model);

    [LoggerMessage(EventId = 2803, Level = LogLevel.Warning, Message = "Which monitors are overdue could not be read")]
    private partial void LogNotAsked(Exception error);
}
