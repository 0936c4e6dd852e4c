using Grid.Abstractions;
using Grid.Primitives;
using Microsoft.Extensions.Logging;

namespace Grid.Grains.Ingestion;

/// <summary>
/// Sends what lanes hold, one delivery under way for each, lanes in parallel; asks for marks; never gives up and never skips.
/// Runs on the reader's scheduler.
/// </summary>
internal sealed partial class LaneSender(
    SourceFeed feed,
    IngestCounts counts,
    TimeProvider time,
    ILogger logger,
    Action<GridError> failed,
    Action fenced,
    CancellationToken stopping)
{
    private static readonly TimeSpan FirstWait = TimeSpan.FromMilliseconds(50);
    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(5);

    private int _running;
    private TaskCompletionSource? _idle;

    /// <summary>Raised when something became durable, so that there is room.</summary>
    public Action? Heard { get; set; }

    public void Wake(ShardLane lane)
    {
        if (!lane.IsSending && lane.HasUnsent && !lane.IsParked && !stopping.IsCancellationRequested)
        {
            lane.IsSending = true;
            _running++;
            _ = SendAllAsync(lane);
        }
    }

    /// <summary>Asks a lane that owes durability for its marks, unless a delivery's answer will bring them.</summary>
    public void Ask(ShardLane lane)
    {
        if (!lane.IsSending && !lane.IsAsked && !stopping.IsCancellationRequested)
        {
            lane.IsAsked = true;
            _running++;
            _ = AskOnceAsync(lane);
        }
    }

    /// <summary>Completes when no loop runs any more; to be called after <c>stopping</c> was signalled.</summary>
    public Task IdleAsync()
    {
        if (_running == 0)
        {
            return Task.CompletedTask;
        }

        _idle ??= new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        return _idle.Task;
    }

    private async Task SendAllAsync(ShardLane lane)
    {
        try
        {
            while (!lane.IsParked && lane.Next() is { } kept)
            {
                stopping.ThrowIfCancellationRequested();
                await SendAsync(lane, kept);
            }
        }
        catch (OperationCanceledException) when (stopping.IsCancellationRequested)
        {
            // What is kept goes out again with the next reader.
        }
        catch (GridException e)
        {
            failed(e.Error);
        }
        catch (Exception e)
        {
            // A mistake of this program must stop the partition by name, never lose its events in silence.
            LogBroken(e, feed, lane.Key);
            failed(new GridError(GridErrorCode.Internal, $"shard {lane.Key}", $"could not be fed: {e.Message}", "See the log of the silo."));
        }
        finally
        {
            lane.IsSending = false;
            Left();
        }
    }

    private async Task SendAsync(ShardLane lane, KeptDelivery kept)
    {
        if (kept.Sends++ > 0)
        {
            counts.SentAgain(kept.Events.Count);
        }

        DeliveryAnswer answer;
        try
        {
            var delivery = new SourceDelivery(feed.Feed, feed.Partition, feed.Epoch, kept.Previous, kept.FromFrontier || feed.SkipsGaps, kept.Events);
            answer = await lane.Shard.DeliverAsync(delivery, stopping).AsTask().WaitAsync(stopping);
        }
        catch (Exception e) when (ShardErrors.Away(e, stopping) is { } error)
        {
            // What became of it is unknown: the marks say.
            await BackOffAsync(lane, error);
            await RewindAsync(lane, kept);
            return;
        }

        if (lane.IsParked)
        {
            return;
        }

        switch (answer.Status)
        {
            case DeliveryStatus.Applied:
                counts.Applied(kept.Events.Count, answer.Skipped);
                lane.Sent(kept);
                Answered(lane, answer.AppliedMark, answer.DurableMark);
                break;
            case DeliveryStatus.Gap:
                counts.Gap();
                LogGap(feed, lane.Key, kept.Previous, answer.AppliedMark);
                Answered(lane, answer.AppliedMark, answer.DurableMark);
                lane.Rewind(answer.AppliedMark);
                break;
            case DeliveryStatus.Refused:
                await BackOffAsync(lane, answer.Error ?? GridError.Unavailable($"shard {lane.Key}", "refused a delivery.", fix: null, retryAfterMs: 0));
                break;
            default:
                fenced();
                break;
        }
    }

    /// <summary>Asks until the shard answers, then goes to the first delivery that it does not have.</summary>
    private async Task RewindAsync(ShardLane lane, KeptDelivery kept)
    {
        while (!lane.IsParked)
        {
            SourceMarks marks;
            try
            {
                marks = await lane.Shard.GetMarksAsync(feed.Feed, feed.Partition).AsTask().WaitAsync(stopping);
            }
            catch (Exception e) when (ShardErrors.Away(e, stopping) is { } error)
            {
                await BackOffAsync(lane, error);
                continue;
            }

            if (lane.IsParked)
            {
                return;
            }

            Take(lane, marks.Applied, marks.Durable);
            if (feed.SkipsGaps)
            {
                lane.Sent(kept);
            }
            else
            {
                lane.Rewind(marks.Applied);
            }

            return;
        }
    }

    private async Task AskOnceAsync(ShardLane lane)
    {
        var hearings = lane.Hearings;
        try
        {
            var marks = await MarksOrAwayAsync(lane);

            // A delivery that was answered meanwhile knows better.
            if (marks is { } heard && lane.Hearings == hearings && !lane.IsSending && !lane.IsParked)
            {
                (lane.AwaySince, lane.Failures) = (0, 0);
                Take(lane, heard.Applied, heard.Durable);
                if (!feed.SkipsGaps)
                {
                    lane.Rewind(heard.Applied);
                }
            }
        }
        catch (GridException e)
        {
            failed(e.Error);
        }
        finally
        {
            lane.IsAsked = false;
            Left();
            Wake(lane);
        }
    }

    private async Task<SourceMarks?> MarksOrAwayAsync(ShardLane lane)
    {
        try
        {
            return await lane.Shard.GetMarksAsync(feed.Feed, feed.Partition).AsTask().WaitAsync(stopping);
        }
        catch (Exception e) when (ShardErrors.Away(e, stopping) is { } error)
        {
            Away(lane, error);
            return null;
        }
        catch (OperationCanceledException)
        {
            // The next reader asks.
            return null;
        }
    }

    private void Answered(ShardLane lane, long applied, long durable)
    {
        (lane.AwaySince, lane.Failures) = (0, 0);
        Take(lane, applied, durable);
    }

    private void Take(ShardLane lane, long applied, long durable)
    {
        if (feed.SkipsGaps)
        {
            applied = durable = Math.Max(lane.LastSent, lane.Durable);
        }

        lane.Heard(applied, durable, time.GetTimestamp());
        Heard?.Invoke();
    }

    private Task BackOffAsync(ShardLane lane, GridError error)
    {
        Away(lane, error);
        var wait = TimeSpan.FromMilliseconds(Math.Max(error.RetryAfterMs ?? 0, FirstWait.TotalMilliseconds * (1 << Math.Min(lane.Failures - 1, 8))));
        return Task.Delay(wait < LongestWait ? wait : LongestWait, time, stopping);
    }

    private void Away(ShardLane lane, GridError error)
    {
        lane.Failures++;
        if (lane.AwaySince == 0)
        {
            lane.AwaySince = time.GetTimestamp();
            LogAway(feed, lane.Key, error);
        }
    }

    private void Left()
    {
        if (--_running == 0 && _idle is { } idle)
        {
            _idle = null;
            idle.TrySetResult();
        }
    }

    [LoggerMessage(EventId = 2601, Level = LogLevel.Information, Message = "{Feed}: shard {Shard} has less than the position {Previous} that was sent before; it is sent again from its mark {Mark}")]
    private partial void LogGap(SourceFeed feed, ShardKey shard, long previous, long mark);

    [LoggerMessage(EventId = 2602, Level = LogLevel.Information, Message = "{Feed}: shard {Shard} does not answer or takes nothing now: {Error}")]
    private partial void LogAway(SourceFeed feed, ShardKey shard, GridError error);

    [LoggerMessage(EventId = 2603, Level = LogLevel.Error, Message = "{Feed}: shard {Shard} could not be fed")]
    private partial void LogBroken(Exception error, SourceFeed feed, ShardKey shard);
}
