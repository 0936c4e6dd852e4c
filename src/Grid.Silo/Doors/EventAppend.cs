using Grid.Abstractions;
using Grid.Client;
using Grid.Features.Plans;
using Grid.Primitives;

namespace Grid.Silo.Doors;

/// <summary>One append of pushed events: encodes them, sends each to the shards it belongs to, and puts the answers back in order.</summary>
internal sealed class EventAppend(FeaturePlan plan, TenantRoute route, IReadOnlyList<GridEvent> events, AckMode ack, AwayOwners owners)
{
    private readonly EventAnswer[] _answers = new EventAnswer[events.Count];

    public async ValueTask<IReadOnlyList<EventAnswer>> RunAsync(CancellationToken cancellationToken)
    {
        var parts = Encode();
        await Task.WhenAll(parts.Select((part, shard) => SendAsync(route.Shards[shard], part, cancellationToken)));
        return _answers;
    }

    private ShardPart[] Encode()
    {
        var parts = route.Shards.Select(_ => new ShardPart()).ToArray();
        for (var i = 0; i < events.Count; i++)
        {
            if (Check(events[i]) is { } error)
            {
                _answers[i] = new EventAnswer(EventVerdict.Refused, (error with { Target = $"events[{i}].{error.Target}" }).ToString());
                continue;
            }

            if (parts.Length == 1)
            {
                parts[0].Add(i, events[i]);
                continue;
            }

            var single = new ShardPart();
            single.Add(i, events[i]);
            var targets = EventRouter.Split(single.Build(), plan, parts.Length);
            for (var shard = 0; shard < targets.Length; shard++)
            {
                if (targets[shard] is not null)
                {
                    parts[shard].Add(i, events[i]);
                }
            }
        }

        return parts;
    }

    private async Task SendAsync(IFeatureShardGrain shard, ShardPart part, CancellationToken cancellationToken)
    {
        if (part.Indexes.Count == 0)
        {
            return;
        }

        // Its keys make it safe to send again.
        var answer = await owners.CallAsync(
            (shard, request: new PushRequest(part.Build(), ack), cancellationToken),
            static call => call.shard.AppendAsync(call.request, call.cancellationToken),
            deadlineMs: null,
            cancellationToken);
        if (answer.Error is { } error)
        {
            throw error.ToException();
        }

        lock (_answers)
        {
            for (var i = 0; i < part.Indexes.Count; i++)
            {
                ref var known = ref _answers[part.Indexes[i]];

                // An event that several shards take is accepted where any took it.
                if (known.Verdict is 0 || answer.Events[i].Verdict == EventVerdict.Accepted)
                {
                    known = answer.Events[i];
                }
            }
        }
    }

    private static GridError? Check(GridEvent gridEvent)
    {
        if (string.IsNullOrEmpty(gridEvent.Key))
        {
            return GridError.Invalid("key", "is missing.", "Send the caller's own id of the event, so that a retry changes nothing.");
        }

        if (!GridNames.IsValid(gridEvent.Type))
        {
            return GridError.Invalid("type", $"'{gridEvent.Type}' is not a valid event type.", GridNames.Rule);
        }

        foreach (var (name, value) in gridEvent.Fields)
        {
            if (value is not (null or string or bool) && !IsNumber(value))
            {
                return GridError.Invalid($"fields.{name}", $"is a {value.GetType().Name}.", "Send text, true, false, a number, or null.");
            }
        }

        return null;
    }

    internal static bool IsNumber(object value) =>
        value is double or float or int or long or short or sbyte or byte or uint or ulong or ushort or decimal;
}
