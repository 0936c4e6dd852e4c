using Grid.Primitives;

namespace Grid.Features.Definitions;

/// <summary>The checks of one view.</summary>
internal sealed class ViewCheck(FeatureViewDefinition view, string path, List<GridError> errors)
{
    public void Run()
    {
        CheckEvents();
        CheckKeys();
        CheckTimes();
        if (view.Bound is < ViewValidator.MinBound or > ViewValidator.MaxBound)
        {
            Add("windows.bound", $"is {view.Bound}; the range is {ViewValidator.MinBound} to {ViewValidator.MaxBound}.", "Keep as many entries as the longest window usually has.");
        }

        if (view.Features.Count == 0)
        {
            Add("features", "is empty.", "Declare at least one feature.");
        }
        else if (view.Features.Count > ViewValidator.MaxFeatures)
        {
            Add("features", $"has {view.Features.Count} features; the limit is {ViewValidator.MaxFeatures}.", "Split the view.");
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < view.Features.Count; i++)
        {
            var feature = view.Features[i];
            if (!Identifiers.IsName(feature.Name))
            {
                Add($"features[{i}].name", $"'{feature.Name}' is not a valid name of a feature.", Identifiers.Rule);
            }
            else if (!names.Add(feature.Name))
            {
                Add($"features[{i}].name", $"'{feature.Name}' is the name of two features.", "Give each feature of the view its own name.");
            }

            new FeatureCheck(view, feature, $"{path}.features[{i}]", errors).Run();
        }

        CheckConditions();
    }

    private void CheckEvents()
    {
        if (view.EventSchemas.Count == 0)
        {
            Add("events", "is empty.", "Declare the event types and their fields, for example arrival: { dest: text, delay_min: number }.");
        }
        else if (view.EventSchemas.Count > ViewValidator.MaxEvents)
        {
            Add("events", $"has {view.EventSchemas.Count} event types; the limit is {ViewValidator.MaxEvents}.", "Split the view.");
        }

        foreach (var (type, fields) in view.EventSchemas)
        {
            if (!GridNames.IsValid(type))
            {
                Add($"events.{type}", $"'{type}' is not a valid event type.", GridNames.Rule);
            }

            foreach (var (field, kind) in fields)
            {
                if (!Identifiers.IsField(field))
                {
                    Add($"events.{type}.{field}", $"'{field}' is not a valid name of a field.", Identifiers.FieldRule);
                }

                if (kind is not (FieldKind.Number or FieldKind.Text or FieldKind.Bool))
                {
                    Add($"events.{type}.{field}", "has no kind.", "Use number, text or bool.");
                }
            }
        }
    }

    private void CheckKeys()
    {
        if (view.Scope == ViewScope.Tenant)
        {
            if (view.Entity is not null)
            {
                Add("entity", "stands beside scope: tenant, which has one record.", "Remove it, or use scope: entity.");
            }

            if (view.PartitionKey is not null)
            {
                Add("partition", "stands beside scope: tenant, which every shard keeps.", "Remove it, or use scope: entity.");
            }

            return;
        }

        if (view.Scope != ViewScope.Entity)
        {
            Add("scope", $"{(int)view.Scope} is not a scope.", "Use entity or tenant.");
        }

        if (view.Entity is null)
        {
            Add("entity", "is missing.", "Name the text field with the entity's key, or use scope: tenant.");
        }
        else
        {
            CheckKeyField("entity", view.Entity);
        }

        if (view.PartitionKey is { } partition && partition != view.Entity)
        {
            CheckKeyField("partition", partition);
        }
    }

    private void CheckKeyField(string key, string field)
    {
        foreach (var (type, fields) in view.EventSchemas.OrderBy(static e => e.Key, StringComparer.Ordinal))
        {
            if (!fields.TryGetValue(field, out var kind))
            {
                Add(key, $"'{field}' is no field of event '{type}'.", $"Declare it there: {type}: {{ {field}: text }}.");
            }
            else if (kind is not (FieldKind.Text or FieldKind.None))
            {
                Add(key, $"'{field}' of event '{type}' is {ViewValidator.NameOf(kind)}; a key is text.", $"Declare it as text and send it so.");
            }
        }
    }

    private void CheckTimes()
    {
        if (view.Clock is not (ViewClock.Arrival or ViewClock.Event))
        {
            Add("clock", $"{(int)view.Clock} is not a clock.", "Use arrival or event.");
        }

        if (view.Windows != WindowForm.Exact)
        {
            Add("windows.form", $"{(int)view.Windows} is not a form.", "Use exact.");
        }

        if (view.Lateness is { } lateness && (lateness < TimeSpan.Zero || lateness > Durations.Longest || lateness.Ticks % TimeSpan.TicksPerMillisecond != 0))
        {
            Add("lateness", $"is {Durations.Describe(lateness)}; the range is 0ms to 3650d in whole milliseconds.", Durations.Rule);
        }

        if (view.TimeToLive is { } live && FeatureCheck.IsNoLength(live))
        {
            Add("time_to_live", $"is {Durations.Describe(live)}; the range is 1ms to 3650d in whole milliseconds.", Durations.Rule);
        }
    }

    private void CheckConditions()
    {
        foreach (var type in view.EventSchemas.Keys.Order(StringComparer.Ordinal))
        {
            var bits = new HashSet<string>(StringComparer.Ordinal);
            foreach (var feature in view.Features)
            {
                if (feature.Event == type && feature.Where is not null)
                {
                    var where = CanonicalForm.Where(feature.Where);
                    bits.Add(where);
                    if (feature.Aggregate == AggregateKind.Share)
                    {
                        bits.Add($"known {where}");
                    }
                }
            }

            if (bits.Count > ViewValidator.MaxConditions)
            {
                Add($"events.{type}", $"has conditions for {bits.Count} bits (each where one, each share two); the limit is {ViewValidator.MaxConditions}.", "Split the view.");
            }
        }
    }

    private void Add(string key, string message, string fix) => errors.Add(GridError.Invalid($"{path}.{key}", message, fix));
}
