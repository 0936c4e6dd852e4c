using System.Globalization;
using System.Text;
using Grid.Features.Shards;
using Grid.Primitives;
using Grid.Storage;
using Microsoft.Extensions.Logging;

namespace Grid.Grains.Shards;

/// <summary>
/// Carries what a shard has set aside to the dead letters: after the block that decided it is durable, at least once, keyed by source and position.
/// Lives on the shard's scheduler.
/// </summary>
internal sealed partial class OutboxPump(
    ShardKey shard,
    ShardState state,
    ShardCommitter committer,
    IDeadLetterStore letters,
    TurnQueue turns,
    TimeProvider time,
    ILogger logger)
    : IDisposable
{
    private const int BatchSize = 256;
    private static readonly TimeSpan RetryWait = TimeSpan.FromSeconds(1);

    private readonly CancellationTokenSource _stopping = new();
    private Task _run = Task.CompletedTask;

    /// <summary>There may be something to carry.</summary>
    public void Signal()
    {
        if (state.OutboxCount > 0 && _run.IsCompleted && !_stopping.IsCancellationRequested)
        {
            _run = RunAsync();
        }
    }

    public async Task StopAsync()
    {
        await _stopping.CancelAsync();
        await _run;
    }

    public void Dispose() => _stopping.Dispose();

    private async Task RunAsync()
    {
        while (state.OutboxCount > 0 && !_stopping.IsCancellationRequested)
        {
            try
            {
                await committer.DurableAsync().WaitAsync(_stopping.Token);
                var batch = state.PeekOutbox(BatchSize);
                await letters.AddAsync([.. batch.Select(ToLetter)], _stopping.Token);
                using (await turns.EnterAsync())
                {
                    state.AckOutbox(batch[^1].Sequence);
                }

                committer.Applied();
                LogCarried(shard, batch.Count);
            }
            catch (OperationCanceledException)
            {
                return;
            }
            catch (GridException e)
            {
                LogFailed(e, shard, state.OutboxCount);
                if (!await WaitAsync())
                {
                    return;
                }
            }
        }
    }

    private async Task<bool> WaitAsync()
    {
        try
        {
            await Task.Delay(RetryWait, time, _stopping.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private DeadLetter ToLetter(OutboxEntry entry)
    {
        var reader = new EventBatchReader(entry.Event);
        reader.MoveNext();
        var isPush = entry.Position < 0;
        return new DeadLetter(
            shard.Workspace,
            shard.Tenant,
            shard.Shard,
            isPush ? "push" : $"{entry.Feed}/{entry.Partition}",
            isPush ? Encoding.UTF8.GetString(reader.KeyUtf8) : entry.Position.ToString(CultureInfo.InvariantCulture),
            entry.Outcome.Reason.ToString(),
            entry.Outcome.ToError("event")?.ToString() ?? "",
            EventJson.Write(entry.Event),
            DateTimeOffset.FromUnixTimeMilliseconds(entry.ArrivalMs));
    }

    [LoggerMessage(EventId = 2521, Level = LogLevel.Information, Message = "Shard {Shard}: {Count} events set aside are in the dead letters")]
    private partial void LogCarried(ShardKey shard, int count);

    [LoggerMessage(EventId = 2522, Level = LogLevel.Warning, Message = "Shard {Shard}: {Count} events set aside wait for the dead letters")]
    private partial void LogFailed(Exception error, ShardKey shard, int count);
}
