using System.Threading.Channels;
using Grid.Abstractions;
using Grid.Grains.Hosting;
using Grid.Grains.Monitoring;
using Grid.Grains.Shards;
using Grid.Inference.Scheduling;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;

namespace Grid.Grains.Rollouts;

/// <summary>
/// Computes predictions again with other versions, one after the other and off the path of the answers. What does not fit into the queue is left out and counted:
/// a shadow may lag, and may never slow an answer. Thread-safe.
/// </summary>
internal sealed partial class ShadowRunner : BackgroundService
{
    private readonly Channel<ShadowRun> _queue;
    private readonly int _capacity;
    private readonly MonitorFeeds _monitors;
    private readonly TimeProvider _time;
    private readonly ILogger<ShadowRunner> _logger;

    public ShadowRunner(MonitorFeeds monitors, IOptions<GridGrainsOptions> options, TimeProvider time, ILogger<ShadowRunner> logger)
    {
        _monitors = monitors;
        _capacity = options.Value.ShadowQueue;
        _queue = Channel.CreateBounded<ShadowRun>(new BoundedChannelOptions(_capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });
        _time = time;
        _logger = logger;
    }

    /// <summary>Whether a run is likely to fit: asked before its vector is made.</summary>
    public bool HasRoom => _queue.Reader.Count < _capacity;

    /// <summary>False where it does not fit: the run is still the caller's.</summary>
    public bool TryOffer(ShadowRun run) => _queue.Writer.TryWrite(run);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Off the thread that starts the host.
        await Task.Yield();
        try
        {
            await foreach (var run in _queue.Reader.ReadAllAsync(stoppingToken))
            {
                using (run)
                {
                    await CompareAsync(run);
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What waits is left out, as at a full queue.
        }
        finally
        {
            _queue.Writer.TryComplete();
            while (_queue.Reader.TryRead(out var run))
            {
                run.Dispose();
            }
        }
    }

    private async Task CompareAsync(ShadowRun run)
    {
        try
        {
            var start = _time.GetTimestamp();
            var result = await run.Replica.RunAsync(run.Buffer, new RunContext(run.Tenant));
            if (!result.IsOk)
            {
                run.Counter.Failed();
                return;
            }

            var latency = _time.GetElapsedTime(start);
            var layout = run.Vector.Layout;
            var values = OutputValues.Of(run.Buffer, layout, row: 0);
            var answered = run.Answered;
            Watch(run, values);
            var difference = run.AnsweredByChallenger
                ? OutputDifference.Of(layout, values, answered.Layout, answered.Values, run.Guard)
                : OutputDifference.Of(answered.Layout, answered.Values, layout, values, run.Guard);
            if (difference is { } apart)
            {
                run.Counter.Compared(apart, latency);
            }
            else
            {
                run.Counter.Failed();
            }
        }
        catch (Exception e)
        {
            // One comparison that cannot be made must not end those after it.
            run.Counter.Failed();
            LogFailed(e, run.Answered.Model, run.Replica.Key.Version);
        }
    }

    /// <summary>Tells the monitors what the two versions said, and of which features where nobody else does.</summary>
    private void Watch(ShadowRun run, float[] values)
    {
        var (answered, ran) = (run.Answered, run.Replica.Key);
        if (!run.AnsweredByChallenger)
        {
            _monitors.OfferShadow(ran, run.Tenant, run.Vector, new VectorRow(run.Buffer, 0), values, answered.AsOfMs);
        }

        if (values.Length == 0 || answered.Values.Length == 0)
        {
            return;
        }

        var (champion, before, challenger, now) = run.AnsweredByChallenger
            ? (ran.Version, values[^1], ran with { Version = answered.Version }, answered.Values[^1])
            : (answered.Version, answered.Values[^1], ran, values[^1]);
        _monitors.Compare(challenger, new TrialPair(answered.Id, run.Tenant, answered.Entity, answered.AsOfMs, champion, before, now));
    }

    [LoggerMessage(EventId = 2130, Level = LogLevel.Warning, Message = "A prediction of model {Model} could not be compared with version {Version}")]
    private partial void LogFailed(Exception error, string model, string version);
}
