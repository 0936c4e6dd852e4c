using System.CommandLine;
using System.CommandLine.Parsing;
using System.Globalization;
using Grid.Client.Wire;

namespace Grid.Silo.Commands;

/// <summary>Options that several commands take. Each call makes a new one, since an option belongs to its command.</summary>
internal static class CommonOptions
{
    public static Option<string> Tenant() => new("--tenant") { Description = "The tenant.", Required = true };

    public static Option<string> Entity(bool isRequired) => new("--entity")
    {
        Description = isRequired ? "Key of the entity." : "Key of the entity; leave it out for a view of scope tenant.",
        Required = isRequired,
    };

    public static Option<DateTimeOffset?> AsOf() => Time("--as-of", "The time to read as of: ISO 8601 with an offset, or Unix milliseconds; default now.", isRequired: false);

    /// <summary>A time: ISO 8601 with an offset, or Unix milliseconds.</summary>
    public static Option<DateTimeOffset?> Time(string name, string description, bool isRequired = true) => new(name)
    {
        Description = description,
        Required = isRequired,
        CustomParser = result =>
        {
            if (WireTime.TryParse(result.Tokens[0].Value, out var time))
            {
                return time.ToDateTimeOffset();
            }

            result.AddError($"{name} '{result.Tokens[0].Value}' is not a time. Example: 2001-01-31T10:00:00Z.");
            return null;
        },
    };

    /// <summary><c>--value name=number</c>, repeated.</summary>
    public static Option<Dictionary<string, double>> Values() => new("--value")
    {
        Description = "A request-time value as name=number; may be repeated.",
        AllowMultipleArgumentsPerToken = true,
        CustomParser = ParseValues,
        DefaultValueFactory = static _ => [],
    };

    private static Dictionary<string, double> ParseValues(ArgumentResult result)
    {
        var values = new Dictionary<string, double>(StringComparer.Ordinal);
        foreach (var token in result.Tokens)
        {
            var at = token.Value.IndexOf('=', StringComparison.Ordinal);
            if (at <= 0 || !double.TryParse(token.Value.AsSpan(at + 1), NumberStyles.Float, CultureInfo.InvariantCulture, out var value) || !double.IsFinite(value))
            {
                result.AddError($"--value '{token.Value}' is not name=number. Example: --value distance=414.");
            }
            else if (!values.TryAdd(token.Value[..at], value))
            {
                result.AddError($"--value '{token.Value}' gives '{token.Value[..at]}' a second time.");
            }
        }

        return values;
    }
}
