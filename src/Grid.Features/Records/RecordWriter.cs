using Grid.Features.Plans;

namespace Grid.Features.Records;

/// <summary>Puts one event into one record.</summary>
internal sealed class RecordWriter(SeriesWriter series)
{
    /// <param name="table">The view's records.</param>
    /// <param name="consumer">The view's part for the event's type.</param>
    /// <param name="key">The entity's key.</param>
    /// <param name="row">The bytes that the values' texts stand in.</param>
    public void Apply(RecordTable table, ViewEventPlan consumer, ReadOnlySpan<byte> key, long timeMs, ulong source, long position, EventValues values, ReadOnlySpan<byte> row)
    {
        var address = table.Find(key);
        if (address == 0)
        {
            address = table.Create(key);
        }

        var record = table.Write(address);
        var newest = RecordLayout.Newest(record);
        if (newest != RecordLayout.NoTime && table.View.TimeToLiveMs != long.MaxValue && timeMs > newest + table.View.TimeToLiveMs)
        {
            table.Reset(record);
            newest = RecordLayout.NoTime;
        }

        newest = Math.Max(newest, timeMs);
        RecordLayout.Newest(record) = newest;
        var bits = 0;
        for (var i = 0; i < consumer.Conditions.Length; i++)
        {
            bits |= consumer.Conditions[i].Holds(values, row) ? 1 << i : 0;
        }

        foreach (var state in consumer.States)
        {
            ApplyState(record, state, bits, timeMs, source, position, values);
        }

        if (consumer.Series is { } plan)
        {
            series.Insert(plan, record, newest, Stamp.Of(timeMs, bits), source, position, values);
        }
    }

    private static void ApplyState(Span<byte> record, StatePlan state, int bits, long timeMs, ulong source, long position, EventValues values)
    {
        ref readonly var accumulator = ref state.Accumulator;
        var value = state.Field < 0 ? double.NaN : values.NumberOrNaN(state.Field);
        var one = accumulator.Of(bits, value);
        switch (state.Kind)
        {
            case StateKind.Accumulator:
                ref var total = ref RecordLayout.At<double>(record, state.Offset);
                total = Accumulator.Combine(accumulator.Kind, total, one);
                break;
            case StateKind.LastTime:
                if (one > 0)
                {
                    ref var last = ref RecordLayout.At<long>(record, state.Offset);
                    last = Math.Max(last, timeMs);
                }

                break;
            default:
                if (!double.IsNaN(one))
                {
                    ApplyLastValue(record[state.Offset..], one, timeMs, source, position);
                }

                break;
        }
    }

    private static void ApplyLastValue(Span<byte> state, double value, long timeMs, ulong source, long position)
    {
        ref var lastTime = ref RecordLayout.At<long>(state, 0);
        ref var lastSource = ref RecordLayout.At<ulong>(state, 8);
        ref var lastPosition = ref RecordLayout.At<long>(state, 16);
        if ((timeMs, source, position).CompareTo((lastTime, lastSource, lastPosition)) >= 0)
        {
            lastTime = timeMs;
            lastSource = source;
            lastPosition = position;
            RecordLayout.At<double>(state, 24) = value;
        }
    }
}
