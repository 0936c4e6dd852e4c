using System.Globalization;

namespace Grid.Storage.Predictions;

/// <summary>
/// What a prediction id says: <c>tenant.shard.time.epoch.number</c>, the last three in hexadecimal. The tenant may have dots of its own, so the id is read from its end. Immutable.
/// </summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Shard">The shard that predicted.</param>
/// <param name="TimeMs">As-of time, Unix milliseconds.</param>
public sealed record PredictionId(string Tenant, int Shard, long TimeMs)
{
    private const int Parts = 5;

    public static bool TryParse(string text, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out PredictionId? id)
    {
        id = null;
        var parts = text.Split('.');
        if (parts.Length < Parts
            || !int.TryParse(parts[^4], NumberStyles.None, CultureInfo.InvariantCulture, out var shard)
            || !long.TryParse(parts[^3], NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var time)
            || !Primitives.GridNames.IsValid(string.Join('.', parts[..^4])))
        {
            return false;
        }

        id = new PredictionId(string.Join('.', parts[..^4]), shard, time);
        return true;
    }
}
