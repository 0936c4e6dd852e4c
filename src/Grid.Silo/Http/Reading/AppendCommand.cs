using Grid.Abstractions;
using Grid.Client;

namespace Grid.Silo.Http.Reading;

/// <summary>An append as read from its JSON: the events that can be asked about, and an answer for each that cannot.</summary>
/// <param name="Events">The readable ones, in order.</param>
/// <param name="Refused">By place in the request; null where the event is in <paramref name="Events"/>.</param>
/// <param name="Ack">When to answer.</param>
internal sealed record AppendCommand(List<GridEvent> Events, List<EventAnswer?> Refused, AckMode Ack)
{
    /// <summary>Puts the answers for the readable events back in their places.</summary>
    public List<EventAnswer> Merge(IReadOnlyList<EventAnswer> answers)
    {
        var merged = new List<EventAnswer>(Refused.Count);
        var next = 0;
        foreach (var refused in Refused)
        {
            merged.Add(refused ?? WithoutIndex(answers[next++]));
        }

        return merged;
    }

    // The shard counts events in the batch that it was sent; here each answer stands in its event's own place.
    private static EventAnswer WithoutIndex(EventAnswer answer)
    {
        var end = answer.Reason is { } reason && reason.StartsWith("events[", StringComparison.Ordinal) ? reason.IndexOf("].", StringComparison.Ordinal) : -1;
        return end < 0 ? answer : answer with { Reason = answer.Reason![(end + 2)..] };
    }
}
