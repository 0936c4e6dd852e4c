using System.Text.RegularExpressions;

namespace Grid.Deployment.Tests.Support;

/// <summary>Names in PromQL expressions of the forms that alerts and dashboards use.</summary>
internal static partial class PromQl
{
    private static readonly HashSet<string> Words = ["by", "without", "on", "ignoring", "and", "or", "unless", "bool", "group_left", "group_right", "offset"];

    /// <summary>Metrics: identifiers that are no function, no keyword, no label.</summary>
    public static IEnumerable<string> Metrics(string expression) =>
        Identifier().Matches(Grouping().Replace(Braces().Replace(Text().Replace(expression, "\"\""), " "), " "))
            .Where(static m => !m.Groups["call"].Success && !Words.Contains(m.Groups["name"].Value))
            .Select(static m => m.Groups["name"].Value);

    /// <summary>Labels that are matched or grouped by.</summary>
    public static IEnumerable<string> Labels(string expression)
    {
        var plain = Text().Replace(expression, "\"\"");
        return Braces().Matches(plain).SelectMany(static m => Matched().Matches(m.Value).Select(static l => l.Groups[1].Value))
            .Concat(Grouping().Matches(plain).SelectMany(static m => m.Groups["labels"].Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries)));
    }

    [GeneratedRegex("\"[^\"]*\"")]
    private static partial Regex Text();

    [GeneratedRegex(@"\{[^}]*\}|\[[^\]]*\]")]
    private static partial Regex Braces();

    [GeneratedRegex(@"\b(by|without|on|ignoring)\s*\((?<labels>[^)]*)\)")]
    private static partial Regex Grouping();

    [GeneratedRegex(@"([a-z_]+)\s*(=~|!~|!=|=)")]
    private static partial Regex Matched();

    [GeneratedRegex(@"(?<![\w.])(?<name>[a-zA-Z_:][\w:]*)(?<call>\s*\()?")]
    private static partial Regex Identifier();
}
