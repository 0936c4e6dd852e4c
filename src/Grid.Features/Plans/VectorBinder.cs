using System.Globalization;
using System.Text;
using Grid.Features.Definitions;
using Grid.Primitives;

namespace Grid.Features.Plans;

/// <summary>Resolves the columns of a vector and groups them, so that a read passes each series once.</summary>
internal static class VectorBinder
{
    public static VectorPlan Bind(FeaturePlan plan, IReadOnlyList<VectorColumn> columns, string target)
    {
        var errors = new List<GridError>();
        var requestNames = new List<string>();
        var requests = new List<RequestRead>();
        var features = new List<(ViewPlan View, FeaturePlanEntry Entry, int Destination)>();
        var fingerprint = new StringBuilder("vector 1\n");
        if (columns.Count == 0)
        {
            errors.Add(GridError.Invalid(target, "has no columns.", "Name at least one feature or value of the request."));
        }

        for (var i = 0; i < columns.Count; i++)
        {
            var column = columns[i];
            var path = string.Create(CultureInfo.InvariantCulture, $"{target} column[{i}]");
            if (column.IsRequest)
            {
                if (column.Name.Length == 0)
                {
                    errors.Add(GridError.Invalid(path, "has no name.", "Name the value that the request brings."));
                }

                var index = requestNames.IndexOf(column.Name);
                if (index < 0)
                {
                    index = requestNames.Count;
                    requestNames.Add(column.Name);
                }

                requests.Add(new RequestRead(i, index, column.Default ?? double.NaN, column.Default is not null));
                fingerprint.Append(CultureInfo.InvariantCulture, $"request {column.Name} {column.Default:R}\n");
            }
            else if (Resolve(plan, column.Name, path, errors) is { } found)
            {
                features.Add((found.View, found.Entry, i));
                fingerprint.Append("feature ").Append(column.Name).Append(' ').Append(CanonicalForm.Of(found.View.Definition, found.Entry.Definition)).Append('\n');
            }
        }

        var entity = EntityField(features.Select(static f => f.View).Distinct(), target, errors);
        if (errors.Count > 0)
        {
            throw new GridException(errors);
        }

        ViewRead[] views = [.. features.GroupBy(static f => f.View).Select(static g => Group(g.Key, [.. g.Select(static f => (f.Entry, f.Destination))]))];
        return new VectorPlan(plan, [.. columns], Digest.Of(Encoding.UTF8.GetBytes(fingerprint.ToString())), [.. requestNames], [.. requests], views, entity);
    }

    private static (ViewPlan View, FeaturePlanEntry Entry)? Resolve(FeaturePlan plan, string name, string path, List<GridError> errors)
    {
        var dot = name.IndexOf('.', StringComparison.Ordinal);
        if (dot < 0)
        {
            errors.Add(GridError.Invalid(path, $"'{name}' is not view.feature.", "Write the view's name, a dot, and the feature's name."));
            return null;
        }

        if (plan.FindView(name[..dot]) is not { } view)
        {
            var known = plan.Views.Count == 0 ? "There are no views; apply them first." : $"The views are {string.Join(", ", plan.Views.Select(static v => v.Name).Take(20))}.";
            errors.Add(GridError.NotFound(path, $"'{name}' names view '{name[..dot]}', which does not exist.", known));
            return null;
        }

        if (view.Find(name[(dot + 1)..]) is { } entry)
        {
            return (view, entry);
        }

        errors.Add(GridError.NotFound(path, $"'{name}' names feature '{name[(dot + 1)..]}', which view '{view.Name}' does not have.", $"Its features are {string.Join(", ", view.Features.Select(static f => f.Definition.Name).Take(20))}."));
        return null;
    }

    private static string? EntityField(IEnumerable<ViewPlan> views, string target, List<GridError> errors)
    {
        var withEntity = views.Where(static v => !v.IsTenant).ToArray();
        var fields = withEntity.Select(static v => v.Definition.Entity!).Distinct(StringComparer.Ordinal).ToArray();
        if (fields.Length > 1)
        {
            errors.Add(GridError.Invalid(
                target,
                $"reads views with different entities: {string.Join(", ", withEntity.Select(static v => $"{v.Name} ({v.Definition.Entity})"))}.",
                "One prediction has one entity; use views of the same entity field, and tenant views."));
        }

        return fields.FirstOrDefault();
    }

    private static ViewRead Group(ViewPlan view, (FeaturePlanEntry Entry, int Destination)[] columns)
    {
        // 1. Every feature once, operands before what is derived from them (derived features come last in a view).
        var wanted = columns.Select(static c => c.Entry).ToHashSet();
        foreach (var derived in columns.Select(static c => c.Entry).Where(static e => e.Definition.IsDerived))
        {
            wanted.Add(view.Features[derived.First]);
            wanted.Add(view.Features[derived.Second]);
        }

        FeaturePlanEntry[] entries = [.. view.Features.Where(wanted.Contains)];

        // 2. One pass per series, with all its windows and numbers.
        var series = new List<SeriesRead>();
        var length = 0;
        var flags = 0;
        foreach (var group in entries.Where(static e => e.WindowMs > 0).GroupBy(static e => e.Event!.Series!))
        {
            long[] windows = [.. group.Select(static e => e.WindowMs).Distinct().OrderDescending()];
            int[] numbers = [.. group.SelectMany(static e => new[] { e.First, e.Second }).Distinct().Order()];
            series.Add(new SeriesRead(group.Key, windows, numbers, length, flags));
            length += windows.Length * numbers.Length;
            flags += windows.Length;
        }

        // 3. The operations, each with a place for its value.
        var operations = new FeatureRead[entries.Length];
        for (var i = 0; i < entries.Length; i++)
        {
            var entry = entries[i];
            operations[i] = entry.WindowMs > 0
                ? Windowed(entry, series.Find(s => s.Series == entry.Event!.Series)!, length + i)
                : entry.Definition.IsDerived
                    ? new FeatureRead(entry, Array.IndexOf(entries, view.Features[entry.First]), Array.IndexOf(entries, view.Features[entry.Second]), -1, length + i)
                    : new FeatureRead(entry, entry.First, entry.Second, -1, length + i);
        }

        return new ViewRead(view, [.. series], operations, length, [.. columns.Select(c => new ColumnRead(c.Destination, Array.IndexOf(entries, c.Entry)))]);
    }

    private static FeatureRead Windowed(FeaturePlanEntry entry, SeriesRead read, int value)
    {
        var window = Array.IndexOf(read.WindowsMs, entry.WindowMs);
        var at = read.Offset + (window * read.Accumulators.Length);
        return new FeatureRead(entry, at + Array.IndexOf(read.Accumulators, entry.First), at + Array.IndexOf(read.Accumulators, entry.Second), read.FirstFlag + window, value);
    }
}
