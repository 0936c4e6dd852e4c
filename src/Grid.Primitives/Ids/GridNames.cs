namespace Grid.Primitives;

/// <summary>The rule for names that become parts of keys and paths: workspaces, tenants, models, versions, views, features, event types.</summary>
public static class GridNames
{
    /// <summary>Long enough for a UUID with a prefix, short enough for a file name and an actor key of four parts.</summary>
    public const int MaxLength = 128;

    /// <summary>The workspace of everything that names none.</summary>
    public const string DefaultWorkspace = "default";

    public const string Rule = "Use 1 to 128 of A-Z a-z 0-9 . _ - and start with a letter, a digit or '_'.";

    /// <summary>True for 1 to 128 of <c>A-Z a-z 0-9 . _ -</c> that do not start with a dot or a hyphen, so that a name is never a relative path or an option.</summary>
    public static bool IsValid(ReadOnlySpan<char> name)
    {
        if (name.Length is 0 or > MaxLength || name[0] is '.' or '-')
        {
            return false;
        }

        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c is not ('.' or '_' or '-'))
            {
                return false;
            }
        }

        return true;
    }

    /// <summary>The error for a name that breaks the rule, or null.</summary>
    public static GridError? Check(string kind, string? name) =>
        name is not null && IsValid(name)
            ? null
            : GridError.Invalid($"{kind} '{Shorten(name)}'", $"is not a valid {kind} name.", Rule);

    /// <exception cref="GridException">The name breaks the rule.</exception>
    public static string Require(string kind, string? name) => Check(kind, name) is { } error ? throw error.ToException() : name!;

    private static string Shorten(string? name) => name is null ? "" : name.Length <= 64 ? name : string.Concat(name.AsSpan(0, 64), "…");
}
