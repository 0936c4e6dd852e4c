using System.Globalization;

namespace Grid.Storage.Predictions;

/// <summary>Names of finished files: <c>&lt;Unix milliseconds of writing&gt;-&lt;writer&gt;-&lt;number&gt;.&lt;kind&gt;</c>. They sort by time, and no two writers give the same.</summary>
internal static class PredictionFileName
{
    public const string Kind = "parquet";

    public static string Of(DateTimeOffset written, string writer, long number, string kind = Kind) =>
        string.Create(CultureInfo.InvariantCulture, $"{written.ToUnixTimeMilliseconds():d14}-{writer}-{number:d6}.{kind}");

    /// <summary>When a file was written, or null for a file of another name.</summary>
    public static DateTimeOffset? WrittenAt(string path)
    {
        var name = Path.GetFileName(path);
        var at = name.IndexOf('-', StringComparison.Ordinal);
        return at > 0 && long.TryParse(name.AsSpan(0, at), NumberStyles.None, CultureInfo.InvariantCulture, out var ms)
            ? DateTimeOffset.FromUnixTimeMilliseconds(ms)
            : null;
    }
}
