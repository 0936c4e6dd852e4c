using Grid.Primitives;

namespace Grid.Features.Definitions;

/// <summary>Finds every mistake of a set of views, each with its path and its fix. Pure.</summary>
public static class ViewValidator
{
    /// <summary>Bits of a stored entry hold the conditions of one event type, so they are few; a share takes two.</summary>
    public const int MaxConditions = 16;

    /// <summary>Keeps the fixed part of a record well within half a page.</summary>
    public const int MaxFeatures = 200;

    public const int MaxEvents = 32;

    /// <summary>Presence of an event's fields is one 64-bit mask in the log.</summary>
    public const int MaxFields = 64;

    /// <summary>The views that took an event are one 64-bit mask in the log.</summary>
    public const int MaxViews = 64;

    public const int MinBound = 16;

    public const int MaxBound = 1_048_576;

    /// <param name="views">The whole set: names are unique in it, and a field of an event has one kind throughout.</param>
    /// <param name="source">Where the views come from, the first part of each path.</param>
    /// <returns>All that is wrong, in order; empty when the set is valid.</returns>
    public static IReadOnlyList<GridError> Validate(IReadOnlyList<FeatureViewDefinition> views, string source = "views")
    {
        var errors = new List<GridError>();
        if (views.Count > MaxViews)
        {
            errors.Add(GridError.Invalid(source, $"has {views.Count} views; the limit is {MaxViews}.", "Put features of one entity into one view."));
        }

        var names = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < views.Count; i++)
        {
            var view = views[i];
            var path = PathOf(source, view.Name, i);
            if (!Identifiers.IsName(view.Name))
            {
                errors.Add(GridError.Invalid($"{path}.view", $"'{view.Name}' is not a valid name of a view.", Identifiers.Rule));
            }
            else if (view.Name == Identifiers.ReservedView)
            {
                errors.Add(GridError.Invalid($"{path}.view", $"'{view.Name}' is reserved for values of the request.", "Choose another name."));
            }
            else if (!names.Add(view.Name))
            {
                errors.Add(GridError.Invalid($"{path}.view", $"'{view.Name}' is the name of two views.", "Give each view of the set its own name."));
            }

            new ViewCheck(view, path, errors).Run();
        }

        CheckKindsAcrossViews(views, source, errors);
        return errors;
    }

    /// <exception cref="GridException">The set is not valid; carries all errors.</exception>
    public static void Require(IReadOnlyList<FeatureViewDefinition> views, string source = "views")
    {
        if (Validate(views, source) is { Count: > 0 } errors)
        {
            throw new GridException(errors);
        }
    }

    /// <summary>Path of a view: by name where it has one, else by its place.</summary>
    internal static string PathOf(string source, string? view, int index) =>
        string.IsNullOrEmpty(view) ? $"{source}#[{index}]" : $"{source}#{view}";

    private static void CheckKindsAcrossViews(IReadOnlyList<FeatureViewDefinition> views, string source, List<GridError> errors)
    {
        var kinds = new Dictionary<(string Event, string Field), (FieldKind Kind, string View)>();
        var fieldCounts = new Dictionary<string, int>(StringComparer.Ordinal);
        for (var i = 0; i < views.Count; i++)
        {
            var view = views[i];
            foreach (var (type, fields) in view.EventSchemas)
            {
                foreach (var (field, kind) in fields)
                {
                    if (kind == FieldKind.None)
                    {
                        continue;
                    }

                    if (kinds.TryAdd((type, field), (kind, view.Name)))
                    {
                        fieldCounts[type] = fieldCounts.GetValueOrDefault(type) + 1;
                        if (fieldCounts[type] == MaxFields + 1)
                        {
                            errors.Add(GridError.Invalid($"{PathOf(source, view.Name, i)}.events.{type}", $"brings the fields of '{type}' over all views to more than {MaxFields}.", "Declare only the fields that features use."));
                        }
                    }
                    else if (kinds[(type, field)] is var first && first.Kind != kind)
                    {
                        errors.Add(GridError.Invalid(
                            $"{PathOf(source, view.Name, i)}.events.{type}.{field}",
                            $"is {NameOf(kind)} here and {NameOf(first.Kind)} in view '{first.View}'.",
                            "Give the field one kind in all views."));
                    }
                }
            }
        }
    }

    internal static string NameOf(FieldKind kind) => kind switch
    {
        FieldKind.Number => "number",
        FieldKind.Text => "text",
        FieldKind.Bool => "bool",
        _ => "none",
    };
}
