using System.Globalization;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Silo.Http;

/// <summary>Reads names, numbers, flags and times from the path and the query.</summary>
internal static class RouteText
{
    /// <summary>A name in the path, checked by the rule of names.</summary>
    /// <exception cref="GridException">It breaks the rule.</exception>
    public static string Of(HttpContext context, string name) => GridNames.Require(name, context.Request.RouteValues[name] as string);

    /// <exception cref="GridException">It is not a shard number.</exception>
    public static int ShardOf(HttpContext context)
    {
        var text = context.Request.RouteValues["shard"] as string;
        return int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out var shard) && shard < ShardHash.MaxShards
            ? shard
            : throw GridError.Invalid($"shard '{text}'", $"is not a number from 0 to {ShardHash.MaxShards - 1}.").ToException();
    }

    /// <exception cref="GridException">The query has parameters that are not named here.</exception>
    public static void AllowQuery(HttpContext context, params ReadOnlySpan<string> names)
    {
        foreach (var key in context.Request.Query.Keys)
        {
            if (!names.Contains(key))
            {
                throw GridError.Invalid(
                    $"query '{key}'",
                    "is not known here.",
                    names.Length == 0 ? "Leave it out." : $"Allowed: {string.Join(", ", names.ToArray())}.").ToException();
            }
        }
    }

    public static string? QueryOf(HttpContext context, string name) => context.Request.Query.TryGetValue(name, out var values) ? values.ToString() : null;

    /// <exception cref="GridException">It is missing.</exception>
    public static string RequireQuery(HttpContext context, string name) =>
        QueryOf(context, name) ?? throw GridError.Invalid($"query '{name}'", "is missing.", $"Add {name}=… to the query.").ToException();

    /// <summary>A flag: absent or <c>false</c>, <c>true</c>, or without a value.</summary>
    /// <exception cref="GridException">It is something else.</exception>
    public static bool FlagOf(HttpContext context, string name) => QueryOf(context, name) switch
    {
        null or "false" => false,
        "true" or "" => true,
        var other => throw GridError.Invalid($"query '{name}'", $"is '{other}'.", "Say true or false.").ToException(),
    };

    /// <exception cref="GridException">It is not a time.</exception>
    public static DateTimeOffset? TimeOf(HttpContext context, string name)
    {
        var text = QueryOf(context, name);
        if (text is null)
        {
            return null;
        }

        // A plus sign in a query is a space unless it was escaped; no time has a space before its offset.
        return WireTime.TryParse(text, out var time) || WireTime.TryParse(text.Replace(' ', '+'), out time)
            ? time.ToDateTimeOffset()
            : throw GridError.Invalid($"query '{name}'", $"is '{text}'.", "Write ISO 8601 with an offset (2001-01-31T10:00:00Z), or Unix milliseconds.").ToException();
    }
}
