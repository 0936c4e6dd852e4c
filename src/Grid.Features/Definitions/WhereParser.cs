using System.Globalization;

namespace Grid.Features.Definitions;

/// <summary>Reads <c>where</c> texts: comparisons <c>field op literal</c> joined by <c>and</c>.</summary>
internal static class WhereParser
{
    /// <summary>Enough for any sensible condition; more is a mistake or an attack.</summary>
    public const int MaxComparisons = 16;

    private const int MaxLength = 1024;

    /// <returns>The comparisons, or null with the reason in <paramref name="error"/>.</returns>
    public static IReadOnlyList<Comparison>? Parse(string text, out string error)
    {
        error = "";
        if (text.Length > MaxLength)
        {
            error = $"has {text.Length} characters; the limit is {MaxLength}.";
            return null;
        }

        var comparisons = new List<Comparison>();
        var at = 0;
        while (true)
        {
            if (ParseOne(text, ref at, out error) is not { } comparison)
            {
                return null;
            }

            comparisons.Add(comparison);
            SkipSpace(text, ref at);
            if (at == text.Length)
            {
                return comparisons;
            }

            if (comparisons.Count == MaxComparisons)
            {
                error = $"has more than {MaxComparisons} comparisons.";
                return null;
            }

            if (Word(text, ref at) != "and")
            {
                error = $"expects 'and' or the end at character {at + 1}.";
                return null;
            }
        }
    }

    /// <summary>One text for all spellings of a condition.</summary>
    public static string Canonical(IReadOnlyList<Comparison> comparisons) =>
        string.Join(" and ", comparisons.Select(static c => c.ToString()).Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal));

    private static Comparison? ParseOne(string text, ref int at, out string error)
    {
        SkipSpace(text, ref at);
        var start = at;
        var field = Word(text, ref at);
        if (!Identifiers.IsField(field))
        {
            error = $"expects a field's name at character {start + 1}.";
            return null;
        }

        SkipSpace(text, ref at);
        if (Operator(text, ref at) is not { } op)
        {
            error = $"expects one of == != < <= > >= at character {at + 1}.";
            return null;
        }

        SkipSpace(text, ref at);
        error = "";
        if (at < text.Length && text[at] == '\'')
        {
            return Quoted(text, ref at) is { } quoted
                ? new Comparison(field, op, FieldKind.Text, 0, quoted)
                : Fail("has a text without its closing quote.", out error);
        }

        start = at;
        while (at < text.Length && !char.IsWhiteSpace(text[at]))
        {
            at++;
        }

        var literal = text.AsSpan(start, at - start);
        if (literal is "true" or "false")
        {
            return new Comparison(field, op, FieldKind.Bool, literal is "true" ? 1 : 0, null);
        }

        // A zero has one form, so that -0 and 0 are one condition.
        return double.TryParse(literal, NumberStyles.Float, CultureInfo.InvariantCulture, out var number) && double.IsFinite(number)
            ? new Comparison(field, op, FieldKind.Number, number == 0 ? 0 : number, null)
            : Fail($"expects a number, a 'text', true or false at character {start + 1}.", out error);
    }

    private static Comparison? Fail(string message, out string error)
    {
        error = message;
        return null;
    }

    private static string? Quoted(string text, ref int at)
    {
        var value = new System.Text.StringBuilder();
        for (at++; at < text.Length; at++)
        {
            if (text[at] != '\'')
            {
                value.Append(text[at]);
            }
            else if (at + 1 < text.Length && text[at + 1] == '\'')
            {
                value.Append('\'');
                at++;
            }
            else
            {
                at++;
                return value.ToString();
            }
        }

        return null;
    }

    private static ComparisonOperator? Operator(string text, ref int at)
    {
        var two = at + 1 < text.Length && text[at + 1] == '=';
        ComparisonOperator? op = at >= text.Length ? null : (text[at], two) switch
        {
            ('=', true) => ComparisonOperator.Equal,
            ('!', true) => ComparisonOperator.NotEqual,
            ('<', true) => ComparisonOperator.LessOrEqual,
            ('>', true) => ComparisonOperator.GreaterOrEqual,
            ('<', false) => ComparisonOperator.Less,
            ('>', false) => ComparisonOperator.Greater,
            _ => null,
        };
        at += op is null ? 0 : two ? 2 : 1;
        return op;
    }

    private static string Word(string text, ref int at)
    {
        SkipSpace(text, ref at);
        var start = at;
        while (at < text.Length && (char.IsAsciiLetterOrDigit(text[at]) || text[at] == '_'))
        {
            at++;
        }

        return text[start..at];
    }

    private static void SkipSpace(string text, ref int at)
    {
        while (at < text.Length && char.IsWhiteSpace(text[at]))
        {
            at++;
        }
    }
}
