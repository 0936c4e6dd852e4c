namespace Grid.Features.Definitions;

/// <summary>Names inside views. They hold no dot, because <c>view.feature</c> names a column.</summary>
internal static class Identifiers
{
    public const int MaxLength = 64;

    public const string Rule = "Start with a letter or '_', then letters, digits, '_' or '-', at most 64 characters.";

    public const string FieldRule = "Start with a letter or '_', then letters, digits or '_', at most 64 characters.";

    /// <summary>A view of this name would be read as a value that the request brings.</summary>
    public const string ReservedView = "request";

    public static bool IsName(string? name) => Check(name, allowHyphen: true);

    /// <summary>Fields stand in conditions, where a hyphen would be a minus.</summary>
    public static bool IsField(string? name) => Check(name, allowHyphen: false) && name is not ("and" or "true" or "false");

    private static bool Check(string? name, bool allowHyphen)
    {
        if (name is null || name.Length is 0 or > MaxLength || !(char.IsAsciiLetter(name[0]) || name[0] == '_'))
        {
            return false;
        }

        foreach (var c in name)
        {
            if (!char.IsAsciiLetterOrDigit(c) && c != '_' && !(allowHyphen && c == '-'))
            {
                return false;
            }
        }

        return true;
    }
}
