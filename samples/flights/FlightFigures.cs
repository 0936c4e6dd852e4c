using System.Text.Json;

namespace Grid.Samples.Flights;

/// <summary>The trainer's own figures for the sample, by month.</summary>
public sealed class FlightFigures
{
    private readonly JsonElement _months;

    private FlightFigures(JsonElement root)
    {
        _months = root.GetProperty("months").Clone();
        Tenants = [.. root.GetProperty("tenants").EnumerateArray().Select(tenant => tenant.GetString()!)];
    }

    /// <summary>The airports of the sample.</summary>
    public IReadOnlyList<string> Tenants { get; }

    public static FlightFigures Load(string folder)
    {
        using var document = JsonDocument.Parse(File.ReadAllBytes(Path.Combine(folder, "sample-figures.json")));
        return new FlightFigures(document.RootElement);
    }

    /// <param name="month">Such as <c>2001-01</c>.</param>
    /// <param name="version">Model version, 1 or 2.</param>
    public BinaryScores Of(string month, string version)
    {
        var figures = _months.GetProperty(month);
        var model = figures.GetProperty($"v{version}");
        return new BinaryScores(
            figures.GetProperty("rows").GetInt32(),
            figures.GetProperty("late_rate").GetDouble(),
            model.GetProperty("auc").GetDouble(),
            model.GetProperty("log_loss").GetDouble(),
            model.GetProperty("mean_p").GetDouble());
    }
}
