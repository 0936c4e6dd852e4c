using System.Globalization;
using Grid.Primitives;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace Grid.Features.Definitions;

/// <summary>Reads typed values out of YAML nodes, collects what is wrong with them, and remembers which paths it has blamed.</summary>
internal sealed class YamlReading
{
    private readonly HashSet<string> _blamed = new(StringComparer.Ordinal);

    public List<GridError> Errors { get; } = [];

    /// <summary>True where this path or one above it has an error of its own, so that what follows from that error is not reported.</summary>
    public bool IsBlamed(string path)
    {
        for (var at = path; ;)
        {
            if (_blamed.Contains(at))
            {
                return true;
            }

            var cut = at.LastIndexOfAny(['.', '[']);
            if (cut <= 0 || cut < at.LastIndexOf('#'))
            {
                return false;
            }

            at = at[..cut];
        }
    }

    public void Add(string path, string message, string fix)
    {
        _blamed.Add(path);
        Errors.Add(GridError.Invalid(path, message, fix));
    }

    /// <summary>Blames a path without an error of its own: whether it is right depends on one that is wrong.</summary>
    public void Silence(string path) => _blamed.Add(path);

    /// <summary>The mapping's entries by key; unknown keys, repeated keys and keys that are no text are reported.</summary>
    public Dictionary<string, YamlNode>? Mapping(YamlNode node, string path, IReadOnlyCollection<string>? allowed, string example)
    {
        if (node is not YamlMappingNode mapping)
        {
            Add(path, $"is {Describe(node)}; it must be a mapping.", example);
            return null;
        }

        var entries = new Dictionary<string, YamlNode>(StringComparer.Ordinal);
        foreach (var (key, value) in mapping.Children)
        {
            if (key is not YamlScalarNode { Value: { Length: > 0 } name })
            {
                Add(path, $"has a key that is no text at line {key.Start.Line}.", example);
            }
            else if (allowed is not null && !allowed.Contains(name))
            {
                Add($"{path}.{name}", "is not known.", $"The keys here are {string.Join(", ", allowed)}.");
            }
            else
            {
                entries.Add(name, value);
            }
        }

        return entries;
    }

    public YamlSequenceNode? Sequence(YamlNode node, string path, string example)
    {
        if (node is YamlSequenceNode sequence)
        {
            return sequence;
        }

        Add(path, $"is {Describe(node)}; it must be a list.", example);
        return null;
    }

    public string? Text(Dictionary<string, YamlNode> entries, string key, string path)
    {
        if (!entries.TryGetValue(key, out var node))
        {
            return null;
        }

        if (Scalar(node) is { } text)
        {
            return text;
        }

        Add($"{path}.{key}", $"is {Describe(node)}; it must be a text.", "Write one value.");
        return null;
    }

    public T? Word<T>(Dictionary<string, YamlNode> entries, string key, string path, IReadOnlyDictionary<string, T> words) where T : struct
    {
        if (!entries.TryGetValue(key, out var node))
        {
            return null;
        }

        if (Scalar(node) is { } text && words.TryGetValue(text, out var value))
        {
            return value;
        }

        Add($"{path}.{key}", $"is {Describe(node)}.", $"Use one of {string.Join(", ", words.Keys)}.");
        return null;
    }

    public TimeSpan? Duration(Dictionary<string, YamlNode> entries, string key, string path)
    {
        if (!entries.TryGetValue(key, out var node))
        {
            return null;
        }

        if (Scalar(node) is { } text && Durations.TryParse(text, out var value))
        {
            return value;
        }

        Add($"{path}.{key}", $"is {Describe(node)}; it must be a duration of at most 3650d.", Durations.Rule);
        return null;
    }

    public double? Number(Dictionary<string, YamlNode> entries, string key, string path, bool allowNaN = false) =>
        entries.TryGetValue(key, out var node) ? Number(node, $"{path}.{key}", allowNaN) : null;

    public double? Number(YamlNode node, string path, bool allowNaN = false)
    {
        if (node is YamlScalarNode { Style: ScalarStyle.Plain, Value: { } text })
        {
            if (allowNaN && text is "nan" or ".nan" or "NaN")
            {
                return double.NaN;
            }

            if (double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out var value) && double.IsFinite(value))
            {
                return value;
            }
        }

        Add(path, $"is {Describe(node)}; it must be a finite number.", allowNaN ? "Write a number or nan." : "Write a number.");
        return null;
    }

    private static string? Scalar(YamlNode node) => node is YamlScalarNode { Value: { Length: > 0 } value } ? value : null;

    private static string Describe(YamlNode node) => node switch
    {
        YamlScalarNode { Value: null or "" } => "empty",
        YamlScalarNode scalar => scalar.Value!.Length <= 60 ? $"'{scalar.Value}'" : $"'{scalar.Value[..60]}…'",
        YamlMappingNode => "a mapping",
        YamlSequenceNode => "a list",
        _ => "of an unknown form",
    };
}
