using Grid.Abstractions;
using Grid.Primitives;

namespace Grid.Client.Sources;

/// <summary>
/// The reader's side of exactly-once delivery for one partition into one shard: keeps what is not yet durable, rewinds where the shard has less than was sent,
/// asks for the marks before it sends again, never gives up and never skips. One caller at a time.
/// </summary>
public sealed class SourcePartitionWriter
{
    private readonly IGridSources _sources;
    private readonly SourcePartition _partition;
    private readonly SourceWriterOptions _options;
    private readonly TimeProvider _time;
    private readonly LinkedList<Kept> _kept = [];
    private long _keptBytes;

    /// <param name="sources">The door.</param>
    /// <param name="partition">Which partition goes to which shard.</param>
    /// <param name="options">Bounds and waits.</param>
    /// <param name="time">The clock of the waits; default the system's.</param>
    public SourcePartitionWriter(IGridSources sources, SourcePartition partition, SourceWriterOptions? options = null, TimeProvider? time = null)
    {
        _sources = sources;
        _partition = partition;
        _options = options ?? SourceWriterOptions.Default;
        _time = time ?? TimeProvider.System;
    }

    /// <summary>The last position written; -1 before the first.</summary>
    public long Written { get; private set; } = -1;

    /// <summary>Positions at or below survive kill -9 of the silo.</summary>
    public long Durable { get; private set; } = -1;

    /// <summary>Deliveries that the shard answered with less than was sent, so that they went out again.</summary>
    public int Rewinds { get; private set; }

    /// <summary>Asks the shard for its marks. Writing begins at the position after the returned one.</summary>
    /// <returns>The durable mark.</returns>
    public async Task<long> OpenAsync(CancellationToken cancellationToken)
    {
        var marks = await AskAsync(cancellationToken);
        Durable = marks.Durable;
        Written = marks.Durable;
        return Durable;
    }

    /// <summary>Delivers events; returns once the shard has applied them.</summary>
    /// <param name="events">Events whose positions rise from above <see cref="Written"/> to <paramref name="last"/>.</param>
    /// <param name="last">Position of the last event.</param>
    /// <param name="cancellationToken">Gives up; the events stay kept and go out with the next call.</param>
    /// <exception cref="GridException">The request is wrong, or the shard has lost what it called durable.</exception>
    public async ValueTask WriteAsync(EventBatch events, long last, CancellationToken cancellationToken)
    {
        if (last <= Written)
        {
            throw GridError.Invalid($"position {last}", $"is not above {Written}, which was written before.", "Open the partition again to write from its mark.").ToException();
        }

        var node = _kept.AddLast(new Kept(Written, last, events));
        _keptBytes += events.Payload.Length;
        Written = last;
        await SendAsync(node, cancellationToken);
        if (_keptBytes > _options.MaxKeptBytes)
        {
            await FlushAsync(cancellationToken);
        }
    }

    /// <summary>Returns when everything written is durable.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        while (_kept.Last is { } last && last.Value.Last > Durable)
        {
            try
            {
                await _sources.FlushAsync(_partition.Tenant, _partition.Shard, cancellationToken);
            }
            catch (GridException e) when (IsTransient(e))
            {
                await WaitAsync(e.Error.RetryAfterMs, cancellationToken);
            }

            var marks = await AskAsync(cancellationToken);
            Heard(marks.Durable);
            if (_kept.Last is { } tail && marks.Applied < tail.Value.Last)
            {
                await SendAsync(Rewind(marks.Applied), cancellationToken);
            }
            else if (_kept.Last is { } waiting && waiting.Value.Last > Durable)
            {
                await WaitAsync(retryAfterMs: null, cancellationToken);
            }
        }

        Trim();
    }

    private async ValueTask SendAsync(LinkedListNode<Kept>? node, CancellationToken cancellationToken)
    {
        while (node is not null)
        {
            var kept = node.Value;
            var delivery = new SourceDelivery(_partition.Feed, _partition.Partition, _partition.ReaderEpoch, kept.Previous, FromFrontier: false, kept.Events);
            DeliveryAnswer answer;
            try
            {
                answer = await _sources.DeliverAsync(_partition.Tenant, _partition.Shard, delivery, cancellationToken);
            }
            catch (GridException e) when (IsTransient(e))
            {
                // What became of it is unknown: the marks say.
                await WaitAsync(e.Error.RetryAfterMs, cancellationToken);
                var marks = await AskAsync(cancellationToken);
                Heard(marks.Durable);
                node = Rewind(marks.Applied);
                continue;
            }

            switch (answer.Status)
            {
                case DeliveryStatus.Applied:
                    node = node.Next;
                    break;
                case DeliveryStatus.Gap:
                    node = Rewind(answer.AppliedMark);
                    break;
                case DeliveryStatus.Refused when answer.Error is { } error && !IsTransient(error.Code):
                    throw error.ToException();
                case DeliveryStatus.Refused:
                    await WaitAsync(answer.Error?.RetryAfterMs, cancellationToken);
                    break;
                default:
                    throw new GridError(
                        GridErrorCode.FailedPrecondition,
                        $"partition '{_partition.Partition}' of feed '{_partition.Feed}'",
                        $"is delivered by a newer reader than epoch {_partition.ReaderEpoch}.",
                        "Stop this reader.").ToException();
            }

            Heard(answer.DurableMark);
        }

        // Only now: the walk above must not lose the delivery that it stands on.
        Trim();
    }

    /// <summary>The first kept delivery that the shard does not have whole.</summary>
    private LinkedListNode<Kept>? Rewind(long applied)
    {
        if (applied < Durable)
        {
            throw new GridError(
                GridErrorCode.Corrupt,
                _partition.ToString(),
                $"is at position {applied}, though the shard called {Durable} durable.",
                "The store went back in time (a restored backup?): open the partition again to send from its mark.").ToException();
        }

        var node = _kept.First;
        while (node is not null && node.Value.Last <= applied)
        {
            node = node.Next;
        }

        for (var behind = 0; behind < _options.ResendBehind && (node is null ? _kept.Last : node.Previous) is { } earlier; behind++)
        {
            node = earlier;
        }

        Rewinds += node is null ? 0 : 1;
        return node;
    }

    private void Heard(long durable) => Durable = Math.Max(Durable, durable);

    private void Trim()
    {
        var spare = 0;
        for (var node = _kept.First; node is not null && node.Value.Last <= Durable; node = node.Next)
        {
            spare++;
        }

        for (; spare > _options.ResendBehind; spare--)
        {
            _keptBytes -= _kept.First!.Value.Events.Payload.Length;
            _kept.RemoveFirst();
        }
    }

    private async Task<SourceMarks> AskAsync(CancellationToken cancellationToken)
    {
        while (true)
        {
            try
            {
                return await _sources.GetMarksAsync(_partition.Tenant, _partition.Shard, _partition.Feed, _partition.Partition, cancellationToken);
            }
            catch (GridException e) when (IsTransient(e))
            {
                await WaitAsync(e.Error.RetryAfterMs, cancellationToken);
            }
        }
    }

    private Task WaitAsync(int? retryAfterMs, CancellationToken cancellationToken) =>
        Task.Delay(TimeSpan.FromMilliseconds(Math.Clamp(retryAfterMs is > 0 ? retryAfterMs.Value : _options.RetryMs, 1, _options.RetryMsMax)), _time, cancellationToken);

    private static bool IsTransient(GridException e) => IsTransient(e.Code);

    private static bool IsTransient(GridErrorCode code) =>
        code is GridErrorCode.Unavailable or GridErrorCode.Overloaded or GridErrorCode.DeadlineExceeded or GridErrorCode.OutcomeUnknown;

    private sealed record Kept(long Previous, long Last, EventBatch Events);
}
