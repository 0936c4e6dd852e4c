using System.Runtime.InteropServices;
using Grid.Features.Paging;
using Grid.Features.Plans;
using Grid.Features.Records;
using Grid.Primitives;

namespace Grid.Features.Shards;

/// <summary>Turns records into vectors. Changes nothing but its own scratch, so one read runs at a time.</summary>
internal sealed class VectorReader(PageStore pages)
{
    private double[] _scratch = new double[64];
    private WindowFlag[] _flags = new WindowFlag[16];
    private FeatureState[] _states = new FeatureState[16];

    /// <summary>The values of the request.</summary>
    /// <returns>What is wrong, or null.</returns>
    public static GridError? ReadRequest(VectorPlan vector, ReadOnlySpan<double> requestValues, Span<float> destination, Span<FeatureState> states)
    {
        if (requestValues.Length != vector.RequestNames.Count)
        {
            return GridError.Invalid("request values", $"are {requestValues.Length}; the vector has {vector.RequestNames.Count}.", "Give one for each of the vector's request names, NaN where there is none.");
        }

        foreach (ref readonly var column in vector.Requests.AsSpan())
        {
            var value = requestValues[column.Request];
            var isAbsent = double.IsNaN(value);
            if (isAbsent && !column.HasDefault)
            {
                return GridError.Invalid($"request value '{vector.RequestNames[column.Request]}'", "is missing.", "Send it with the request.");
            }

            if (double.IsInfinity(value))
            {
                return GridError.Invalid($"request value '{vector.RequestNames[column.Request]}'", "is infinite.", "Send a finite number.");
            }

            destination[column.Destination] = (float)(isAbsent ? column.Default : value);
            if (!states.IsEmpty)
            {
                states[column.Destination] = isAbsent ? FeatureState.Default : FeatureState.Fresh;
            }
        }

        return null;
    }

    /// <summary>The columns of one view.</summary>
    /// <param name="record">The record; empty where there is none.</param>
    /// <returns>What is wrong, or null.</returns>
    public GridError? ReadView(ViewRead read, ReadOnlySpan<byte> record, long asOfMs, Span<float> destination, Span<FeatureState> states, ref bool isDegraded)
    {
        Reserve(read);
        var newest = record.IsEmpty ? RecordLayout.NoTime : RecordLayout.NewestIn(record);
        var absent = newest == RecordLayout.NoTime ? FeatureState.Missing : IsExpired(read.View, newest, asOfMs) ? FeatureState.Stale : FeatureState.Fresh;
        if (absent == FeatureState.Fresh)
        {
            foreach (var series in read.Series)
            {
                SeriesReader.Read(pages, series, record.Slice(series.Series.HeadOffset, SeriesPlan.HeadSize), asOfMs, asOfMs < newest, _scratch, _flags);
            }
        }

        for (var i = 0; i < read.Operations.Length; i++)
        {
            ref readonly var operation = ref read.Operations[i];
            if (operation.Feature.Definition.IsDerived)
            {
                Derive(read, i);
            }
            else if (absent != FeatureState.Fresh)
            {
                Set(read, i, operation.Feature.Default, absent);
            }
            else if (Evaluate(read, i, record, newest, asOfMs) is { } error)
            {
                return error;
            }
        }

        foreach (ref readonly var column in read.Columns.AsSpan())
        {
            destination[column.Destination] = (float)_scratch[read.FirstValue + column.Operation];
            isDegraded |= _states[column.Operation] == FeatureState.Degraded;
            if (!states.IsEmpty)
            {
                states[column.Destination] = _states[column.Operation];
            }
        }

        return null;
    }

    private static bool IsExpired(ViewPlan view, long newest, long asOfMs) => view.TimeToLiveMs != long.MaxValue && asOfMs > newest + view.TimeToLiveMs;

    private void Reserve(ViewRead read)
    {
        if (_scratch.Length < read.ScratchLength)
        {
            _scratch = new double[read.ScratchLength * 2];
        }

        if (_states.Length < read.Operations.Length)
        {
            _states = new FeatureState[read.Operations.Length * 2];
            _flags = new WindowFlag[read.Operations.Length * 2];
        }
    }

    private GridError? Evaluate(ViewRead read, int index, ReadOnlySpan<byte> record, long newest, long asOfMs)
    {
        ref readonly var operation = ref read.Operations[index];
        var feature = operation.Feature;
        if (feature.Kind == FeatureReadKind.Since)
        {
            return Since(read, index, record, asOfMs);
        }

        if (feature.LastValueOffset >= 0)
        {
            return LastValue(read, index, record, asOfMs);
        }

        var state = FeatureState.Fresh;
        double first;
        double second;
        if (operation.Flag >= 0)
        {
            if (_flags[operation.Flag] == WindowFlag.Unanswerable)
            {
                return Past(feature, asOfMs, newest, "what its window needs is no longer kept");
            }

            state = _flags[operation.Flag] == WindowFlag.Degraded ? FeatureState.Degraded : FeatureState.Fresh;
            first = _scratch[operation.First];
            second = _scratch[operation.Second];
        }
        else
        {
            if (asOfMs < newest)
            {
                return Past(feature, asOfMs, newest, "a feature over all time keeps no history");
            }

            first = MemoryMarshal.Read<double>(record[operation.First..]);
            second = MemoryMarshal.Read<double>(record[operation.Second..]);
        }

        if (second > 0)
        {
            Set(read, index, feature.Kind == FeatureReadKind.Quotient ? first / second : first, state);
        }
        else
        {
            Set(read, index, feature.Default, state == FeatureState.Degraded ? state : FeatureState.Default);
        }

        return null;
    }

    private GridError? Since(ViewRead read, int index, ReadOnlySpan<byte> record, long asOfMs)
    {
        var feature = read.Operations[index].Feature;
        var last = MemoryMarshal.Read<long>(record[feature.First..]);
        if (last == RecordLayout.NoTime)
        {
            Set(read, index, feature.Default, FeatureState.Default);
            return null;
        }

        if (last > asOfMs)
        {
            return Past(feature, asOfMs, last, "only the newest time is kept");
        }

        Set(read, index, Math.Min((asOfMs - last) / feature.UnitMs, feature.Cap), FeatureState.Fresh);
        return null;
    }

    private GridError? LastValue(ViewRead read, int index, ReadOnlySpan<byte> record, long asOfMs)
    {
        var feature = read.Operations[index].Feature;
        var last = MemoryMarshal.Read<long>(record[feature.LastValueOffset..]);
        if (last == RecordLayout.NoTime)
        {
            Set(read, index, feature.Default, FeatureState.Default);
            return null;
        }

        if (last > asOfMs)
        {
            return Past(feature, asOfMs, last, "only the newest value is kept");
        }

        Set(read, index, MemoryMarshal.Read<double>(record[(feature.LastValueOffset + 24)..]), FeatureState.Fresh);
        return null;
    }

    private void Derive(ViewRead read, int index)
    {
        ref readonly var operation = ref read.Operations[index];
        var first = _scratch[read.FirstValue + operation.First];
        var second = _scratch[read.FirstValue + operation.Second];
        var state = Worse(_states[operation.First], _states[operation.Second]);
        if (state is FeatureState.Missing or FeatureState.Stale)
        {
            Set(read, index, operation.Feature.Default, state);
        }
        else if (operation.Feature.Kind == FeatureReadKind.Difference)
        {
            Set(read, index, first - second, state);
        }
        else if (second == 0)
        {
            Set(read, index, operation.Feature.Default, state == FeatureState.Degraded ? state : FeatureState.Default);
        }
        else
        {
            Set(read, index, first / second, state);
        }
    }

    // Degraded says most about a value, then that the record is not there, then that an operand is a default.
    private static FeatureState Worse(FeatureState first, FeatureState second) => (FeatureState)Math.Max((byte)first, (byte)second);

    private void Set(ViewRead read, int index, double value, FeatureState state)
    {
        _scratch[read.FirstValue + index] = value;
        _states[index] = state;
    }

    private static GridError Past(FeaturePlanEntry feature, long asOfMs, long newestMs, string why) => new(
        GridErrorCode.FailedPrecondition,
        $"feature '{feature.FullName}'",
        $"cannot be read as of {Text(asOfMs)}: the entity has an event of {Text(newestMs)}, and {why}.",
        "Read as of that event or later; for history use the prediction log or a replay.");

    private static string Text(long unixMs) =>
        unixMs is > -62_135_596_800_000 and < 253_402_300_800_000
            ? DateTimeOffset.FromUnixTimeMilliseconds(unixMs).ToString("yyyy-MM-ddTHH:mm:ss.fffZ", System.Globalization.CultureInfo.InvariantCulture)
            : $"{unixMs} ms";
}
