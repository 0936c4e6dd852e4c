using System.Text;
using Grid.Features.Definitions;
using Grid.Primitives;

namespace Grid.Features.Plans;

/// <summary>Turns valid views into a plan. All order comes from names, so that equal sets give equal layouts.</summary>
internal static class PlanCompiler
{
    public static FeaturePlan Compile(IReadOnlyList<FeatureViewDefinition> definitions)
    {
        ViewPlan[] views = [.. definitions.OrderBy(static v => v.Name, StringComparer.Ordinal).Select(static (v, i) => new ViewPlan(v, i))];
        var names = new Dictionary<string, int>(StringComparer.Ordinal);
        var types = definitions.SelectMany(static v => v.EventSchemas.Keys).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal).ToArray();
        var fieldsOfType = types.ToDictionary(static t => t, t => FieldsOf(t, definitions), StringComparer.Ordinal);
        foreach (var field in fieldsOfType.Values.SelectMany(static f => f))
        {
            names.TryAdd(field.Name, names.Count);
        }

        foreach (var view in views)
        {
            ViewCompiler.Compile(view, fieldsOfType);
        }

        EventPlan[] events =
        [
            .. types.Select((type, ordinal) => new EventPlan(
                type,
                ordinal,
                fieldsOfType[type],
                FieldOfName(fieldsOfType[type], names),
                [.. views.SelectMany(static v => v.Events).Where(e => e.Event == type)])),
        ];
        return new FeaturePlan(GenerationOf(views), views, events, names);
    }

    private static Digest GenerationOf(ViewPlan[] views)
    {
        var text = new StringBuilder("generation 1\n");
        foreach (var view in views)
        {
            text.Append(view.Name).Append(' ').Append(view.Digest.Hex).Append('\n');
        }

        return Digest.Of(Encoding.UTF8.GetBytes(text.ToString()));
    }

    private static EventFieldPlan[] FieldsOf(string type, IReadOnlyList<FeatureViewDefinition> views)
    {
        var fields = new SortedDictionary<string, EventFieldPlan>(StringComparer.Ordinal);
        foreach (var view in views.Where(v => v.EventSchemas.ContainsKey(type)))
        {
            var used = view.Features.Where(f => f.Event == type)
                .SelectMany(static f => (f.Field is null ? [] : new[] { f.Field }).Concat(f.Where is null ? [] : WhereParser.Parse(f.Where, out _)!.Select(static c => c.Field)))
                .ToHashSet(StringComparer.Ordinal);
            foreach (var (name, kind) in view.EventSchemas[type])
            {
                var required = name == view.Entity || name == view.PartitionKey;
                var before = fields.GetValueOrDefault(name);
                fields[name] = new EventFieldPlan(name, kind, used.Contains(name) || required || before?.IsUsed == true, required || before?.IsRequired == true);
            }
        }

        return [.. fields.Values];
    }

    private static sbyte[] FieldOfName(EventFieldPlan[] fields, Dictionary<string, int> names)
    {
        var map = new sbyte[names.Count];
        Array.Fill(map, (sbyte)-1);
        for (var i = 0; i < fields.Length; i++)
        {
            map[names[fields[i].Name]] = (sbyte)i;
        }

        return map;
    }
}
