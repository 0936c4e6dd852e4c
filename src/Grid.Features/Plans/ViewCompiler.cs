using System.Globalization;
using Grid.Features.Definitions;
using Grid.Features.Paging;
using Grid.Features.Records;

namespace Grid.Features.Plans;

/// <summary>Lays out the records of one view: header, states of all-time features, heads of series, key.</summary>
internal sealed class ViewCompiler
{
    private readonly ViewPlan _view;
    private readonly IReadOnlyDictionary<string, EventFieldPlan[]> _fields;
    private int _offset = ViewPlan.RecordHeaderSize;

    private ViewCompiler(ViewPlan view, IReadOnlyDictionary<string, EventFieldPlan[]> fields)
    {
        _view = view;
        _fields = fields;
    }

    public static void Compile(ViewPlan view, IReadOnlyDictionary<string, EventFieldPlan[]> fields) => new ViewCompiler(view, fields).Run();

    private void Run()
    {
        var definition = _view.Definition;
        var entries = new Dictionary<string, FeaturePlanEntry>(StringComparer.Ordinal);
        var events = new List<ViewEventPlan>();
        foreach (var type in definition.EventSchemas.Keys.Order(StringComparer.Ordinal))
        {
            events.Add(CompileEvent(type, entries));
        }

        _view.Events = [.. events];
        var features = definition.Features.OrderBy(static f => f.IsDerived).ThenBy(static f => f.Name, StringComparer.Ordinal).ToArray();
        _view.Features = [.. features.Select(f => f.IsDerived ? Derived(f, features) : entries[f.Name])];
        _view.KeyOffset = _offset;
    }

    private FeaturePlanEntry Derived(FeatureDefinition feature, FeatureDefinition[] features) => new()
    {
        Definition = feature,
        FullName = $"{_view.Name}.{feature.Name}",
        Kind = feature.Aggregate == AggregateKind.Ratio ? FeatureReadKind.Ratio : FeatureReadKind.Difference,
        First = Array.FindIndex(features, f => f.Name == feature.Of!.Value.First),
        Second = Array.FindIndex(features, f => f.Name == feature.Of!.Value.Second),
        Default = feature.ResolvedDefault,
    };

    private ViewEventPlan CompileEvent(string type, Dictionary<string, FeaturePlanEntry> entries)
    {
        var features = _view.Definition.Features.Where(f => f.Event == type).OrderBy(static f => f.Name, StringComparer.Ordinal).ToArray();
        var conditions = Conditions(type, features);
        var windowed = features.Where(static f => f.Window is not null).ToArray();
        string[] columns = [.. windowed.Where(static f => f.Field is not null).Select(static f => f.Field!).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)];
        var states = new List<StatePlan>();
        var accumulators = new List<Accumulator>();
        var keys = new List<string>();
        var drafts = new List<Func<ViewEventPlan, FeaturePlanEntry>>();
        foreach (var feature in features)
        {
            int Bit(string prefix) => feature.Where is null ? -1 : Array.FindIndex(conditions, c => c.Key == prefix + CanonicalForm.Where(feature.Where));
            int Number(AccumulatorKind kind, string? field, string prefix = "")
            {
                var clamp = kind == AccumulatorKind.Count ? null : feature.Clamp;
                var bit = Bit(prefix);
                var column = field is null ? -1 : feature.Window is null ? 0 : Array.IndexOf(columns, field);
                var accumulator = new Accumulator(kind, column, clamp?.Low ?? double.NegativeInfinity, clamp?.High ?? double.PositiveInfinity, bit);
                var key = KeyOf(type, kind.ToString(), field, clamp, bit < 0 ? "" : conditions[bit].Key);
                return feature.Window is null
                    ? State(states, StateKind.Accumulator, key, field is null ? -1 : FieldOrdinal(type, field), accumulator).Offset
                    : Index(accumulators, keys, accumulator, key);
            }

            var (kind, first, second, lastValue) = feature.Aggregate switch
            {
                AggregateKind.Count => Pair(FeatureReadKind.Value, Number(AccumulatorKind.Count, null)),
                AggregateKind.Sum => (FeatureReadKind.Value, Number(AccumulatorKind.Sum, feature.Field), Number(AccumulatorKind.Count, feature.Field), -1),
                AggregateKind.Mean => (FeatureReadKind.Quotient, Number(AccumulatorKind.Sum, feature.Field), Number(AccumulatorKind.Count, feature.Field), -1),
                AggregateKind.Min => (FeatureReadKind.Value, Number(AccumulatorKind.Min, feature.Field), Number(AccumulatorKind.Count, feature.Field), -1),
                AggregateKind.Max => (FeatureReadKind.Value, Number(AccumulatorKind.Max, feature.Field), Number(AccumulatorKind.Count, feature.Field), -1),
                AggregateKind.Share => (FeatureReadKind.Quotient, Number(AccumulatorKind.Count, null), Number(AccumulatorKind.Count, null, "known "), -1),
                AggregateKind.Last when feature.Window is not null => (FeatureReadKind.Value, Number(AccumulatorKind.Last, feature.Field), Number(AccumulatorKind.Count, feature.Field), -1),
                AggregateKind.Last => LastValue(states, type, feature, Bit(""), conditions),
                _ => LastTime(states, type, Bit(""), conditions),
            };
            drafts.Add(plan => new FeaturePlanEntry
            {
                Definition = feature,
                FullName = $"{_view.Name}.{feature.Name}",
                Kind = kind,
                Event = plan,
                WindowMs = (long)(feature.Window ?? TimeSpan.Zero).TotalMilliseconds,
                First = first,
                Second = second,
                LastValueOffset = lastValue,
                UnitMs = ViewVocabulary.MillisecondsOf(feature.Unit ?? TimeUnit.Second),
                Cap = feature.Cap ?? double.PositiveInfinity,
                Default = feature.ResolvedDefault,
            });
        }

        var plan = new ViewEventPlan
        {
            View = _view,
            Event = type,
            EntityField = _view.IsTenant ? -1 : FieldOrdinal(type, _view.Definition.Entity!),
            PartitionField = _view.IsTenant ? -1 : FieldOrdinal(type, _view.Definition.PartitionKey ?? _view.Definition.Entity!),
            Conditions = conditions,
            States = [.. states],
            Series = windowed.Length == 0 ? null : Series(type, windowed, columns, accumulators, keys),
        };
        foreach (var draft in drafts)
        {
            var entry = draft(plan);
            entries.Add(entry.Definition.Name, entry);
        }

        return plan;
    }

    private static (FeatureReadKind Kind, int First, int Second, int LastValue) Pair(FeatureReadKind kind, int number) => (kind, number, number, -1);

    private (FeatureReadKind Kind, int First, int Second, int LastValue) LastValue(List<StatePlan> states, string type, FeatureDefinition feature, int bit, ConditionPlan[] conditions)
    {
        var clamp = feature.Clamp;
        var accumulator = new Accumulator(AccumulatorKind.Last, 0, clamp?.Low ?? double.NegativeInfinity, clamp?.High ?? double.PositiveInfinity, bit);
        var key = KeyOf(type, "last value", feature.Field, clamp, bit < 0 ? "" : conditions[bit].Key);
        var state = State(states, StateKind.LastValue, key, FieldOrdinal(type, feature.Field!), accumulator);
        return (FeatureReadKind.Value, state.Offset, state.Offset, state.Offset);
    }

    private (FeatureReadKind Kind, int First, int Second, int LastValue) LastTime(List<StatePlan> states, string type, int bit, ConditionPlan[] conditions)
    {
        var key = KeyOf(type, "last time", null, null, bit < 0 ? "" : conditions[bit].Key);
        var state = State(states, StateKind.LastTime, key, -1, new Accumulator(AccumulatorKind.Count, -1, double.NegativeInfinity, double.PositiveInfinity, bit));
        return (FeatureReadKind.Since, state.Offset, state.Offset, -1);
    }

    private StatePlan State(List<StatePlan> states, StateKind kind, string key, int field, Accumulator accumulator)
    {
        if (states.Find(s => s.Key == key) is { } known)
        {
            return known;
        }

        var state = new StatePlan(kind, key, _offset, field, accumulator);
        states.Add(state);
        _offset += state.Size;
        return state;
    }

    private static int Index(List<Accumulator> accumulators, List<string> keys, Accumulator accumulator, string key)
    {
        var index = keys.IndexOf(key);
        if (index < 0)
        {
            index = keys.Count;
            keys.Add(key);
            accumulators.Add(accumulator);
        }

        return index;
    }

    private SeriesPlan Series(string type, FeatureDefinition[] windowed, string[] columns, List<Accumulator> accumulators, List<string> keys)
    {
        var hasOrder = windowed.Any(static f => f.Aggregate == AggregateKind.Last);
        var entrySize = 8 + (hasOrder ? 16 : 0) + (columns.Length * 8);
        var series = new SeriesPlan
        {
            Event = type,
            HeadOffset = _offset,
            ColumnNames = columns,
            ColumnFields = [.. columns.Select(c => FieldOrdinal(type, c))],
            Accumulators = [.. accumulators],
            AccumulatorKeys = [.. keys],
            HasOrder = hasOrder,
            LongestWindowMs = windowed.Max(static f => (long)f.Window!.Value.TotalMilliseconds),
            Bound = _view.Definition.Bound,
            FullCapacity = SeriesPlan.CapacityFor(_view.Definition.Bound, accumulators.Count * 8, entrySize, PageLayout.MaxSlot / 2),
            MaxTiles = SeriesPlan.TilesFor(accumulators.Count * 8, PageLayout.MaxSlot),
        };
        _offset += SeriesPlan.HeadSize;
        return series;
    }

    private ConditionPlan[] Conditions(string type, FeatureDefinition[] features)
    {
        var conditions = new SortedDictionary<string, ConditionPlan>(StringComparer.Ordinal);
        foreach (var feature in features.Where(static f => f.Where is not null))
        {
            var comparisons = WhereParser.Parse(feature.Where!, out _)!;
            var key = WhereParser.Canonical(comparisons);
            conditions.TryAdd(key, new ConditionPlan(key, [.. comparisons.Select(c => Compile(type, c))]));
            if (feature.Aggregate == AggregateKind.Share)
            {
                conditions.TryAdd($"known {key}", new ConditionPlan($"known {key}", []));
            }
        }

        return [.. conditions.Values];
    }

    private CompiledComparison Compile(string type, Comparison comparison) => new(
        FieldOrdinal(type, comparison.Field),
        comparison.Operator,
        comparison.Kind == FieldKind.Text,
        comparison.Number,
        comparison.Text is null ? null : System.Text.Encoding.UTF8.GetBytes(comparison.Text));

    private int FieldOrdinal(string type, string field) => Array.FindIndex(_fields[type], f => f.Name == field);

    private static string KeyOf(string type, string what, string? field, ClampRange? clamp, string condition) =>
        string.Create(CultureInfo.InvariantCulture, $"{type}|{what}|{field}|{clamp?.Low:R}|{clamp?.High:R}|{condition}");
}
