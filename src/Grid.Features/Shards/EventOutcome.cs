using Grid.Features.Records;
using Grid.Primitives;

namespace Grid.Features.Shards;

/// <summary>What became of one event, and why.</summary>
/// <param name="Field">The field to blame, where there is one.</param>
public readonly record struct EventOutcome(EventVerdict Verdict, EventReason Reason = EventReason.None, string? Field = null)
{
    /// <summary>Whether the same event, sent again later, may fare better.</summary>
    public bool IsTransient => Reason is EventReason.OutboxFull or EventReason.KeysFull or EventReason.MemoryFull;

    /// <summary>The outcome as an error that names the fix; null for an event that is in the features or was there already.</summary>
    /// <param name="target">The event, as the caller knows it: <c>events[3]</c>.</param>
    public GridError? ToError(string target) => Reason switch
    {
        EventReason.None => null,
        EventReason.NoTime => GridError.Invalid(target, "has no event time.", "Send the time at which it happened."),
        EventReason.TimeOutOfRange => GridError.Invalid(target, "has an event time over about 4,450 years from 1970.", "Send Unix time in milliseconds."),
        EventReason.WrongKind => GridError.Invalid($"{target}.{Field}", "has another kind than the views declare.", "Send it as declared: number, text or bool."),
        EventReason.MissingKey => GridError.Invalid($"{target}.{Field}", "is missing or empty, and it is the key of a view.", "Send it as text."),
        EventReason.NotFinite => GridError.Invalid($"{target}.{Field}", "is NaN or infinite.", "Leave the field out where there is no value."),
        EventReason.KeyTooLong => GridError.Invalid($"{target}.{Field}", $"has over {RecordLayout.MaxKeyBytes} bytes of UTF-8.", "Use a shorter key."),
        EventReason.FromTheFuture => GridError.Invalid(target, "has an event time too far after its arrival.", "Check the producer's clock; the event was set aside."),
        EventReason.TooLate => GridError.Invalid(target, "is older than the views still take.", "Raise lateness in the view, or backfill; the event was set aside."),
        EventReason.OutboxFull => GridError.Overloaded(target, "would have to be set aside, and the outbox is full.", "Check that dead letters can be delivered.", 1000),
        EventReason.KeysFull => GridError.Overloaded(target, "cannot be protected against repetition: the memory for keys is full.", "Shorten the retention of keys or raise their capacity.", 1000),
        _ => GridError.Overloaded(target, "found the memory for features full.", "Raise the capacity for feature pages.", 1000),
    };
}
