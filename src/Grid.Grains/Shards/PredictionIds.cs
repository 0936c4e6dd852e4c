using System.Globalization;
using Grid.Primitives;

namespace Grid.Grains.Shards;

/// <summary>
/// Ids of predictions: <c>tenant.shard.time.epoch.number</c>, the last three in hexadecimal. Tenant, shard and time say where its outcome is joined;
/// an epoch is never given twice, so the id is unique. Not thread-safe.
/// </summary>
internal sealed class PredictionIds(ShardKey shard, long epoch)
{
    private readonly string _prefix = string.Create(CultureInfo.InvariantCulture, $"{shard.Tenant}.{shard.Shard}.");
    private readonly string _suffix = string.Create(CultureInfo.InvariantCulture, $".{epoch:x}.");
    private long _next;

    /// <summary>Ids given.</summary>
    public long Given => _next;

    public string Next(long asOfMs)
    {
        var number = _next++;
        return string.Create(CultureInfo.InvariantCulture, stackalloc char[256], $"{_prefix}{asOfMs:x}{_suffix}{number:x}");
    }
}
