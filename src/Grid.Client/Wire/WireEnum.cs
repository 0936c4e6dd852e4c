using System.Text.Json;

namespace Grid.Client.Wire;

/// <summary>Names of enumerations on the wire: snake_case, made once per type. An undefined value is written as its number.</summary>
public static class WireEnum
{
    public static string NameOf<T>(T value) where T : struct, Enum =>
        Table<T>.Names.TryGetValue(value, out var name) ? name : value.ToString("D");

    public static bool TryParse<T>(string? name, out T value) where T : struct, Enum
    {
        value = default;
        return name is not null && Table<T>.Values.TryGetValue(name, out value);
    }

    /// <summary>All names, comma-separated, for messages.</summary>
    public static string AllOf<T>() where T : struct, Enum => string.Join(", ", Table<T>.Names.Values);

    private static class Table<T> where T : struct, Enum
    {
        public static readonly Dictionary<T, string> Names = Enum.GetValues<T>().ToDictionary(v => v, v => JsonNamingPolicy.SnakeCaseLower.ConvertName(v.ToString()));
        public static readonly Dictionary<string, T> Values = Names.ToDictionary(p => p.Value, p => p.Key, StringComparer.Ordinal);
    }
}
