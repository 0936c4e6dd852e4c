using System.Text.Json;

namespace Grid.Samples.Flights;

/// <summary>The trainer's own figures for the sample, by month.</summary>
public sealed class FlightFigures
{
    private readonly JsonElement _months;
    private readonly JsonElement _weeks;

    private FlightFigures(JsonElement root)
    {
        _months = root.GetProperty("months").Clone();
        _weeks = root.GetProperty("weeks").Clone();
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

    /// <summary>The trainer's figures of version 1 in one week.</summary>
    /// <param name="monday">Its first day, such as <c>2001-02-12</c>.</param>
    /// <returns>Flights, area under the ROC curve, log loss, and the population stability index of its predictions; null for a week that is not there.</returns>
    public (int Rows, double Auc, double LogLoss, double Psi)? OfWeek(string monday) =>
        _weeks.TryGetProperty(monday, out var week)
            ? (week.GetProperty("rows").GetInt32(), week.GetProperty("v1").GetProperty("auc").GetDouble(), week.GetProperty("v1").GetProperty("log_loss").GetDouble(), week.GetProperty("psi_prediction_v1").GetDouble())
            : null;
}
