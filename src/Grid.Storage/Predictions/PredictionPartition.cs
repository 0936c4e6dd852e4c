using System.Globalization;

namespace Grid.Storage.Predictions;

/// <summary>What goes into one file: one layout, one tenant, one day by as-of time. Immutable.</summary>
internal sealed record PredictionPartition(PredictionLayout Layout, string Tenant, int Day)
{
    private const long DayMs = 86_400_000;

    /// <summary>Days since 1970, rounded down.</summary>
    public static int DayOf(long timeMs)
    {
        var (days, rest) = Math.DivRem(timeMs, DayMs);
        return (int)Math.Clamp(rest < 0 ? days - 1 : days, DateOnly.MinValue.DayNumber - Epoch, DateOnly.MaxValue.DayNumber - Epoch);
    }

    /// <summary>Path of the folder within the log: <c>workspace/tenant/model/yyyy-MM-dd</c>.</summary>
    public string Path => PathOf(Layout.Version.Workspace, Tenant, Layout.Version.Model, Day);

    public static string PathOf(string workspace, string tenant, string model, int day) =>
        System.IO.Path.Combine(workspace, tenant, model, DateOnly.FromDayNumber(day + Epoch).ToString("yyyy-MM-dd", CultureInfo.InvariantCulture));

    /// <summary>The day of a folder's name, or null for another name.</summary>
    public static int? DayOfFolder(string name) =>
        DateOnly.TryParseExact(name, "yyyy-MM-dd", CultureInfo.InvariantCulture, DateTimeStyles.None, out var date) ? date.DayNumber - Epoch : null;

    private static int Epoch { get; } = new DateOnly(1970, 1, 1).DayNumber;
}
