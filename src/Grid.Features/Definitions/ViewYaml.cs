using Grid.Primitives;
using YamlDotNet.Core;
using YamlDotNet.Core.Events;
using YamlDotNet.RepresentationModel;

namespace Grid.Features.Definitions;

/// <summary>The YAML form of feature views: one document each.</summary>
public static class ViewYaml
{
    /// <summary>Far more than any set of views; a longer text is a mistake.</summary>
    public const int MaxCharacters = 1_048_576;

    // A view is at most five levels deep; the tree reader recurses, so depth is bounded before it runs.
    private const int MaxDepth = 16;

    private const string ViewExample = "Start with view: <name>, then entity, events and features.";

    private static readonly string[] s_viewKeys =
        ["view", "description", "scope", "entity", "partition", "clock", "lateness", "time_to_live", "events", "features", "windows"];

    private static readonly string[] s_featureKeys =
        ["name", "event", "aggregate", "field", "where", "clamp", "window", "unit", "cap", "default", "of"];

    private static readonly string[] s_windowKeys = ["form", "bound"];

    /// <param name="text">One or more YAML documents.</param>
    /// <param name="sourceName">The file's name, for error paths.</param>
    /// <returns>The views in the order of the text, valid as a set.</returns>
    /// <exception cref="GridException">Something is wrong; carries all mistakes, each with its path (for YAML syntax, line and column) and fix.</exception>
    public static IReadOnlyList<FeatureViewDefinition> Parse(string text, string sourceName)
    {
        var documents = Load(text, sourceName);
        var reading = new YamlReading();
        var views = new List<FeatureViewDefinition>();
        for (var i = 0; i < documents.Count; i++)
        {
            if (ReadView(documents[i].RootNode, sourceName, i, reading) is { } view)
            {
                views.Add(view);
            }
        }

        if (documents.Count == 0)
        {
            reading.Add(sourceName, "holds no view.", ViewExample);
        }

        reading.Errors.AddRange(ViewValidator.Validate(views, sourceName).Where(e => !reading.IsBlamed(e.Target)));
        return reading.Errors.Count == 0 ? views : throw new GridException(reading.Errors);
    }

    /// <summary>The views as canonical YAML, which parses to equal definitions.</summary>
    public static string Write(IReadOnlyList<FeatureViewDefinition> views) => ViewYamlWriter.Write(views);

    private static IList<YamlDocument> Load(string text, string sourceName)
    {
        if (text.Length > MaxCharacters)
        {
            throw new GridError(GridErrorCode.TooLarge, sourceName, $"has {text.Length} characters; the limit is {MaxCharacters}.", "Split the set of views over files.").ToException();
        }

        try
        {
            CheckDepth(text, sourceName);
            var stream = new YamlStream();
            stream.Load(new StringReader(text));
            return stream.Documents;
        }
        catch (YamlException e)
        {
            throw GridError.Invalid($"{sourceName}:{e.Start.Line}:{e.Start.Column}", $"is no YAML: {FirstLine(e)}", "Check indentation, brackets, quotes and repeated keys there.").ToException();
        }
        catch (Exception e) when (e is not GridException and not OutOfMemoryException)
        {
            // The scanner trips over some malformed texts, such as stray flow characters, with exceptions of many kinds and no place.
            throw GridError.Invalid(sourceName, $"is no YAML: the reader failed on it ({e.GetType().Name}).", "Check brackets and quotes.").ToException();
        }
    }

    private static void CheckDepth(string text, string sourceName)
    {
        var parser = new Parser(new StringReader(text));
        var depth = 0;
        while (parser.MoveNext())
        {
            var at = parser.Current!;
            depth += at.NestingIncrease;
            if (depth > MaxDepth)
            {
                throw GridError.Invalid($"{sourceName}:{at.Start.Line}:{at.Start.Column}", $"is nested more than {MaxDepth} levels deep.", "A view has at most five.").ToException();
            }

            if (at is AnchorAlias)
            {
                throw GridError.Invalid($"{sourceName}:{at.Start.Line}:{at.Start.Column}", "is an alias.", "Write the value out; views have no anchors.").ToException();
            }
        }
    }

    private static string FirstLine(YamlException e)
    {
        var message = (e.InnerException ?? e).Message;
        var end = message.IndexOfAny(['\r', '\n']);
        return end < 0 ? message : message[..end];
    }

    private static FeatureViewDefinition? ReadView(YamlNode node, string source, int index, YamlReading reading)
    {
        var name = node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode("view"), out var named) ? (named as YamlScalarNode)?.Value : null;
        var path = ViewValidator.PathOf(source, name, index);
        if (reading.Mapping(node, path, s_viewKeys, ViewExample) is not { } view)
        {
            return null;
        }

        if (!view.ContainsKey("view"))
        {
            reading.Add($"{path}.view", "is missing.", ViewExample);
        }

        _ = reading.Text(view, "view", path);
        var windows = view.TryGetValue("windows", out var windowsNode)
            ? reading.Mapping(windowsNode, $"{path}.windows", s_windowKeys, "Write windows: { form: exact, bound: 4096 }.") ?? []
            : [];
        var bound = reading.Number(windows, "bound", $"{path}.windows");
        if (bound is { } number && number != Math.Floor(number))
        {
            reading.Add($"{path}.windows.bound", $"is {number}; it must be a whole number.", "Keep as many entries as the longest window usually has.");
        }

        var scope = reading.Word(view, "scope", path, ViewVocabulary.Scopes);
        if (scope is null && view.ContainsKey("scope"))
        {
            reading.Silence($"{path}.entity");
            reading.Silence($"{path}.partition");
        }

        return new FeatureViewDefinition
        {
            Name = name ?? "",
            Description = reading.Text(view, "description", path),
            Scope = scope ?? ViewScope.Entity,
            Entity = reading.Text(view, "entity", path),
            PartitionKey = reading.Text(view, "partition", path),
            Clock = reading.Word(view, "clock", path, ViewVocabulary.Clocks) ?? ViewClock.Arrival,
            Lateness = reading.Duration(view, "lateness", path),
            TimeToLive = reading.Duration(view, "time_to_live", path),
            EventSchemas = ReadEvents(view, path, reading),
            Features = ReadFeatures(view, path, reading),
            Windows = reading.Word(windows, "form", $"{path}.windows", ViewVocabulary.Forms) ?? WindowForm.Exact,
            Bound = (int)Math.Clamp(bound ?? FeatureViewDefinition.DefaultBound, int.MinValue, int.MaxValue),
        };
    }

    private static Dictionary<string, IReadOnlyDictionary<string, FieldKind>> ReadEvents(Dictionary<string, YamlNode> view, string path, YamlReading reading)
    {
        const string Example = "Write events: { arrival: { dest: text, delay_min: number } }.";
        var schemas = new Dictionary<string, IReadOnlyDictionary<string, FieldKind>>(StringComparer.Ordinal);
        if (!view.TryGetValue("events", out var node) || reading.Mapping(node, $"{path}.events", null, Example) is not { } events)
        {
            return schemas;
        }

        foreach (var (type, fieldsNode) in events)
        {
            var fieldsPath = $"{path}.events.{type}";
            var kinds = new Dictionary<string, FieldKind>(StringComparer.Ordinal);
            if (reading.Mapping(fieldsNode, fieldsPath, null, Example) is { } fields)
            {
                foreach (var field in fields.Keys)
                {
                    kinds[field] = reading.Word(fields, field, fieldsPath, ViewVocabulary.Kinds) ?? FieldKind.None;
                }
            }

            schemas[type] = kinds;
        }

        return schemas;
    }

    private static List<FeatureDefinition> ReadFeatures(Dictionary<string, YamlNode> view, string path, YamlReading reading)
    {
        const string Example = "Write a list: - { name: n_1h, event: arrival, aggregate: count, window: 1h }.";
        var features = new List<FeatureDefinition>();
        if (!view.TryGetValue("features", out var node) || reading.Sequence(node, $"{path}.features", Example) is not { } list)
        {
            return features;
        }

        for (var i = 0; i < list.Children.Count; i++)
        {
            var at = $"{path}.features[{i}]";
            var entries = reading.Mapping(list.Children[i], at, s_featureKeys, Example) ?? [];
            if (entries.Count > 0 && !entries.ContainsKey("name"))
            {
                reading.Add($"{at}.name", "is missing.", Example);
            }

            features.Add(new FeatureDefinition
            {
                Name = reading.Text(entries, "name", at) ?? "",
                Event = reading.Text(entries, "event", at),
                Aggregate = reading.Word(entries, "aggregate", at, ViewVocabulary.Aggregates) ?? AggregateKind.None,
                Field = reading.Text(entries, "field", at),
                Where = reading.Text(entries, "where", at),
                Clamp = ReadPair(entries, "clamp", at, reading, "Write clamp: [low, high].") is { } clamp
                    && reading.Number(clamp.First, $"{at}.clamp[0]") is { } low && reading.Number(clamp.Second, $"{at}.clamp[1]") is { } high
                        ? new ClampRange(low, high)
                        : null,
                Window = reading.Duration(entries, "window", at),
                Unit = reading.Word(entries, "unit", at, ViewVocabulary.Units),
                Cap = reading.Number(entries, "cap", at),
                Default = reading.Number(entries, "default", at, allowNaN: true),
                Of = ReadPair(entries, "of", at, reading, "Name two features of this view: of: [a, b].") is { } of
                    ? new FeaturePair((of.First as YamlScalarNode)?.Value ?? "", (of.Second as YamlScalarNode)?.Value ?? "")
                    : null,
            });
        }

        return features;
    }

    private static (YamlNode First, YamlNode Second)? ReadPair(Dictionary<string, YamlNode> entries, string key, string path, YamlReading reading, string example)
    {
        if (!entries.TryGetValue(key, out var node) || reading.Sequence(node, $"{path}.{key}", example) is not { } list)
        {
            return null;
        }

        if (list.Children.Count == 2)
        {
            return (list.Children[0], list.Children[1]);
        }

        reading.Add($"{path}.{key}", $"has {list.Children.Count} values; it must have 2.", example);
        return null;
    }
}
