using Grid.Monitoring.Signals;
using Grid.Primitives;

namespace Grid.Grains.Signals;

/// <summary>
/// Sends the events of one outbox to the sinks: each sink in order and by itself, so that one that is down holds up no other. What a sink has taken leaves the
/// outbox with the next save; a crash in between sends it again. Lives on the owning actor's scheduler.
/// </summary>
internal sealed class EventDelivery<T>(IReadOnlyList<IEventSink<T>> sinks, Outbox<T> outbox, TimeProvider time, Func<Task> save, CancellationToken stopping)
{
    /// <summary>Events that are sent between two saves.</summary>
    private const int Batch = 20;

    private static readonly TimeSpan FirstWait = TimeSpan.FromSeconds(1);
    private static readonly TimeSpan LongestWait = TimeSpan.FromMinutes(5);

    private readonly Dictionary<string, Lane> _lanes = new(StringComparer.Ordinal);

    /// <summary>Begins to send to each sink that is due and has something to get. Does not wait for them.</summary>
    public void Start()
    {
        foreach (var sink in sinks)
        {
            if (!_lanes.TryGetValue(sink.Name, out var lane))
            {
                _lanes.Add(sink.Name, lane = new Lane());
            }

            if (!lane.IsBusy && (lane.NotBefore is not { } notBefore || time.GetUtcNow() >= notBefore) && PendingOf(sink).Any())
            {
                lane.IsBusy = true;
                _ = SendAsync(sink, lane);
            }
        }
    }

    private async Task SendAsync(IEventSink<T> sink, Lane lane)
    {
        try
        {
            var taken = new List<long>();
            GridError? error = null;
            foreach (var pending in PendingOf(sink).Take(Batch).ToArray())
            {
                error = await sink.SendAsync(pending.Item, stopping);
                if (error is not null)
                {
                    break;
                }

                taken.Add(pending.Number);
            }

            lane.Failures = error is null ? 0 : lane.Failures + 1;
            lane.NotBefore = error is null ? null : time.GetUtcNow() + Wait(lane.Failures);
            if (taken.Count > 0)
            {
                outbox.Delivered(sink.Name, taken);
                await save();
            }
        }
        catch (Exception e) when (e is GridException or OperationCanceledException)
        {
            // The actor stops or starts anew; what was sent and not stored is sent again.
            lane.NotBefore = time.GetUtcNow() + FirstWait;
        }
        finally
        {
            lane.IsBusy = false;
        }
    }

    private IEnumerable<PendingEvent<T>> PendingOf(IEventSink<T> sink) => outbox.Pending.Where(p => p.Number <= outbox.Saved && p.Sinks.Contains(sink.Name));

    /// <summary>Doubles from failure to failure; a random part keeps models from calling all at once when a sink comes back.</summary>
    private static TimeSpan Wait(int failures)
    {
        var wait = FirstWait * Math.Pow(2, Math.Min(failures - 1, 16));
        wait = wait < LongestWait ? wait : LongestWait;
#pragma warning disable CA5394 // Nothing is secret about it.
        return wait * (0.75 + (Random.Shared.NextDouble() * 0.25));
#pragma warning restore CA5394
    }

    private sealed class Lane
    {
        public bool IsBusy { get; set; }

        public int Failures { get; set; }

        public DateTimeOffset? NotBefore { get; set; }
    }
}
