using System.Threading.Channels;
using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Grains.Hosting;
using Grid.Primitives;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace Grid.Grains.Outcomes;

/// <summary>
/// Tells the monitors which outcomes were stored, after whoever reported them has the answer. Best effort: the truth itself is in the store; what does not fit or
/// cannot be told is counted and left out of the figures. Thread-safe.
/// </summary>
internal sealed partial class OutcomeForwarder : BackgroundService
{
    /// <summary>Some 10 MB at most; beyond it outcomes come faster than monitors take them, and a sample is enough to measure by.</summary>
    private const int Capacity = 65_536;

    private const int MaxBatch = 1024;

    /// <summary>A monitor that starts anew is back within these.</summary>
    private const int Attempts = 3;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(1);

    private readonly Channel<(ModelKey Model, ObservedOutcome Outcome)> _queue =
        Channel.CreateBounded<(ModelKey, ObservedOutcome)>(new BoundedChannelOptions(Capacity) { SingleReader = true, FullMode = BoundedChannelFullMode.Wait });

    private readonly IGrainFactory _grains;
    private readonly CatalogueReplica _catalogue;
    private readonly OutcomeInstruments _instruments;
    private readonly TimeProvider _time;
    private readonly ILogger<OutcomeForwarder> _logger;
    private readonly bool _isEnabled;

    public OutcomeForwarder(IGrainFactory grains, CatalogueReplica catalogue, OutcomeInstruments instruments, IOptions<GridGrainsOptions> options, TimeProvider time, ILogger<OutcomeForwarder> logger)
    {
        (_grains, _catalogue, _instruments, _time, _logger) = (grains, catalogue, instruments, time, logger);
        _isEnabled = options.Value.Monitoring.Enabled;
    }

    /// <summary>Takes note of an outcome that is stored. Neither waits nor fails. A name that is no model's has no monitor, and gets none.</summary>
    public void Offer(ModelKey model, ObservedOutcome outcome)
    {
        if (_isEnabled && _catalogue.Current.Models.ContainsKey(model) && !_queue.Writer.TryWrite((model, outcome)))
        {
            _instruments.NotMeasured(1);
        }
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // Off the thread that starts the host.
        await Task.Yield();
        var batches = new Dictionary<ModelKey, List<ObservedOutcome>>();
        try
        {
            while (await _queue.Reader.WaitToReadAsync(stoppingToken))
            {
                for (var i = 0; i < MaxBatch && _queue.Reader.TryRead(out var next); i++)
                {
                    if (!batches.TryGetValue(next.Model, out var batch))
                    {
                        batches.Add(next.Model, batch = []);
                    }

                    batch.Add(next.Outcome);
                }

                foreach (var (model, batch) in batches)
                {
                    await TellAsync(model, [.. batch], stoppingToken);
                }

                batches.Clear();
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What waits is in the store; the figures of the silo that goes lack it.
        }
    }

    private async Task TellAsync(ModelKey model, ObservedOutcome[] outcomes, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                await _grains.GetGrain<IMonitorGrain>(model.ToString()).OutcomesAsync(outcomes);
                return;
            }
            catch (Exception e) when (!cancellationToken.IsCancellationRequested && CallErrors.MayPass(e, cancellationToken))
            {
                // Telling it again is safe: a monitor counts an outcome once.
                if (attempt == Attempts)
                {
                    _instruments.NotMeasured(outcomes.Length);
                    LogNotTold(e, model, outcomes.Length);
                    return;
                }
            }

            await Task.Delay(Pause, _time, cancellationToken);
        }
    }

    [LoggerMessage(EventId = 2841, Level = LogLevel.Warning, Message = "The monitor of model {Model} could not be told of {Count} outcomes; they are stored, and missing in its figures")]
    private partial void LogNotTold(Exception error, ModelKey model, int count);
}
