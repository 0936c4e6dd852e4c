using Grid.Primitives;

namespace Grid.Features.Definitions;

/// <summary>The checks of one feature of a view.</summary>
internal sealed class FeatureCheck(FeatureViewDefinition view, FeatureDefinition feature, string path, List<GridError> errors)
{
    public static bool IsNoLength(TimeSpan length) =>
        length < TimeSpan.FromMilliseconds(1) || length > Durations.Longest || length.Ticks % TimeSpan.TicksPerMillisecond != 0;

    public void Run()
    {
        if (feature.Default is { } fallback && double.IsInfinity(fallback))
        {
            Add("default", "is infinite.", "Use a finite number or nan.");
        }

        if (feature.IsDerived)
        {
            CheckDerived();
            return;
        }

        if (feature.Of is not null)
        {
            Add("of", $"stands beside aggregate {NameOf(feature.Aggregate)}.", "Only ratio and difference have it.");
        }

        var fields = CheckEvent();
        CheckAggregate(fields);
        CheckWhere(fields);
        if (feature.Window is { } window && IsNoLength(window))
        {
            Add("window", $"is {Durations.Describe(window)}; the range is 1ms to 3650d in whole milliseconds.", Durations.Rule);
        }
    }

    private void CheckDerived()
    {
        foreach (var (key, present) in new[]
        {
            ("event", feature.Event is not null), ("field", feature.Field is not null), ("where", feature.Where is not null), ("clamp", feature.Clamp is not null),
            ("window", feature.Window is not null), ("unit", feature.Unit is not null), ("cap", feature.Cap is not null),
        })
        {
            if (present)
            {
                Add(key, $"does not belong to aggregate {NameOf(feature.Aggregate)}.", "Remove it; set it on the features named in of.");
            }
        }

        if (feature.Of is not { } of)
        {
            Add("of", "is missing.", "Name two features of this view: of: [a, b].");
            return;
        }

        foreach (var name in new[] { of.First, of.Second }.Distinct())
        {
            var operand = view.Features.FirstOrDefault(f => f.Name == name);
            if (operand is null)
            {
                Add("of", $"'{name}' is no feature of this view.", Known("features", view.Features.Select(static f => f.Name)));
            }
            else if (operand.IsDerived)
            {
                Add("of", $"'{name}' is itself a {NameOf(operand.Aggregate)}.", "Name features that aggregate events.");
            }
        }
    }

    private IReadOnlyDictionary<string, FieldKind>? CheckEvent()
    {
        if (feature.Event is null)
        {
            Add("event", "is missing.", Known("events", view.EventSchemas.Keys));
            return null;
        }

        if (view.EventSchemas.TryGetValue(feature.Event, out var fields))
        {
            return fields;
        }

        Add("event", $"'{feature.Event}' is no event of this view.", Known("events", view.EventSchemas.Keys));
        return null;
    }

    private void CheckAggregate(IReadOnlyDictionary<string, FieldKind>? fields)
    {
        if (feature.Aggregate == AggregateKind.None || !Enum.IsDefined(feature.Aggregate))
        {
            Add("aggregate", "is missing.", $"Use one of {ViewVocabulary.AggregateList}.");
            return;
        }

        var takesField = feature.Aggregate is AggregateKind.Sum or AggregateKind.Mean or AggregateKind.Min or AggregateKind.Max or AggregateKind.Last;
        if (takesField && feature.Field is null)
        {
            Add("field", "is missing.", $"Name the number field that {NameOf(feature.Aggregate)} aggregates.");
        }
        else if (takesField && fields is not null)
        {
            CheckField(fields, "field", feature.Field!, FieldKind.Number);
        }
        else if (!takesField && feature.Field is not null)
        {
            Add("field", $"does not belong to aggregate {NameOf(feature.Aggregate)}.", "Remove it.");
        }

        if (feature.Clamp is { } clamp)
        {
            if (!takesField)
            {
                Add("clamp", $"does not belong to aggregate {NameOf(feature.Aggregate)}.", "Remove it.");
            }
            else if (!double.IsFinite(clamp.Low) || !double.IsFinite(clamp.High) || clamp.Low > clamp.High)
            {
                Add("clamp", $"is [{clamp.Low}, {clamp.High}].", "Give two finite numbers, the lower first.");
            }
        }

        if (feature.Aggregate == AggregateKind.Share && feature.Where is null)
        {
            Add("where", "is missing.", "A share is the part of the events for which where holds.");
        }

        CheckTimeSince();
    }

    private void CheckTimeSince()
    {
        if (feature.Aggregate == AggregateKind.TimeSinceLast)
        {
            if (feature.Window is not null)
            {
                Add("window", "does not belong to aggregate time_since_last.", "Use cap for the most it may be.");
            }

            if (feature.Cap is null && feature.Default is null)
            {
                Add("cap", "is missing, and so is default.", "Say what the value is before the first event: cap: 1440, or default: nan.");
            }

            if (feature.Cap is { } cap && (!double.IsFinite(cap) || cap <= 0))
            {
                Add("cap", $"is {cap}.", "Give a finite number above 0.");
            }

            if (feature.Unit is { } unit && !Enum.IsDefined(unit))
            {
                Add("unit", $"{(int)unit} is not a unit.", "Use ms, s, min, h or d.");
            }

            return;
        }

        if (feature.Unit is not null)
        {
            Add("unit", $"does not belong to aggregate {NameOf(feature.Aggregate)}.", "Remove it.");
        }

        if (feature.Cap is not null)
        {
            Add("cap", $"does not belong to aggregate {NameOf(feature.Aggregate)}.", "Remove it.");
        }
    }

    private void CheckWhere(IReadOnlyDictionary<string, FieldKind>? fields)
    {
        if (feature.Where is null)
        {
            return;
        }

        if (WhereParser.Parse(feature.Where, out var error) is not { } comparisons)
        {
            Add("where", error, "Write comparisons such as delay_min >= 15 and dest == 'LAX'.");
            return;
        }

        foreach (var comparison in comparisons)
        {
            if (fields is not null)
            {
                CheckField(fields, "where", comparison.Field, comparison.Kind);
            }

            if (comparison.Kind != FieldKind.Number && comparison.Operator is not (ComparisonOperator.Equal or ComparisonOperator.NotEqual))
            {
                Add("where", $"'{comparison}' orders a {ViewValidator.NameOf(comparison.Kind)}.", "Use == or !=.");
            }
        }
    }

    private void CheckField(IReadOnlyDictionary<string, FieldKind> fields, string key, string field, FieldKind expected)
    {
        if (!fields.TryGetValue(field, out var kind))
        {
            Add(key, $"'{field}' is no field of event '{feature.Event}'.", Known("fields", fields.Keys));
        }
        else if (kind != FieldKind.None && kind != expected)
        {
            Add(key, $"'{field}' is {ViewValidator.NameOf(kind)}, and this needs {ViewValidator.NameOf(expected)}.", "Use a field of that kind.");
        }
    }

    private static string NameOf(AggregateKind aggregate) => ViewVocabulary.NameOf(aggregate);

    private static string Known(string what, IEnumerable<string> names)
    {
        var known = names.Where(static n => n.Length > 0).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).Take(20).ToArray();
        return known.Length > 0 ? $"The {what} are {string.Join(", ", known)}." : $"There are no {what} yet.";
    }

    private void Add(string key, string message, string fix) => errors.Add(GridError.Invalid($"{path}.{key}", message, fix));
}
