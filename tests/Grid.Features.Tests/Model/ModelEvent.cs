using Grid.Primitives;

namespace Grid.Features.Tests.Model;

/// <summary>One event of the laws: a type, an entity, a time, and fields of which the optional ones may be missing.</summary>
internal sealed record ModelEvent(string Type, string Entity, long TimeMs, double? Amount, string? Colour, bool? Flag, int Partition)
{
    /// <summary>Where it stands in its partition; set when the events are numbered.</summary>
    public long Position { get; init; }

    public string PartitionName => Partition == 0 ? "a" : "b";

    public void AddTo(EventBatchBuilder builder, bool asPush = false)
    {
        builder.Begin(Type).Time(TimeMs).Field("id", Entity);
        _ = asPush ? builder.Key($"{PartitionName}-{Position}") : builder.Position(Position);
        if (Amount is { } amount)
        {
            builder.Field("amount", amount);
        }

        if (Colour is { } colour)
        {
            builder.Field("colour", colour);
        }

        if (Flag is { } flag)
        {
            builder.Field("flag", flag);
        }

        builder.End();
    }

    /// <summary>The events with positions by partition, in order.</summary>
    public static ModelEvent[] Number(IEnumerable<ModelEvent> events)
    {
        var next = new long[2];
        return [.. events.Select(e => e with { Position = next[e.Partition]++ * 3 })];
    }
}
