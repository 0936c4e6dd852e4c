using Grid.Primitives;
using Grid.Storage.Predictions;

namespace Grid.Storage.Tests.Predictions;

/// <summary>Predictions of the tests.</summary>
internal static class Logged
{
    public static readonly DateTimeOffset Day = new(2001, 2, 3, 0, 0, 0, TimeSpan.Zero);

    public static readonly PredictionLayout Layout = Of("1", "card.n", "amount");

    public static PredictionLayout Of(string version, params string[] features) =>
        new(new VersionKey("default", "risk", version), Digest.Of([(byte)version[0]]).ToString(), Digest.Of([9]).ToString(), features, ["p", "scores.0", "scores.1"], "runtime");

    public static LoggedPrediction Row(int number, string tenant = "t", string entity = "e", PredictionLayout? layout = null, DateTimeOffset? time = null, float[]? vector = null)
    {
        var at = (time ?? Day.AddMinutes(number)).ToUnixTimeMilliseconds();
        return new LoggedPrediction(layout ?? Layout, tenant, Id(number, tenant, at), entity, at, DateTimeOffset.UtcNow.ToUnixTimeMilliseconds(), 7, number, "", vector ?? [number, number / 2f], [number / 100f, 1, 2]);
    }

    public static string Id(int number, string tenant, long timeMs) => $"{tenant}.0.{timeMs:x}.1.{number:x}";
}
