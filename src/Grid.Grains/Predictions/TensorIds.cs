using System.Globalization;
using System.Security.Cryptography;

namespace Grid.Grains.Predictions;

/// <summary>
/// Ids of predictions by tensor, in the form of all others: they have no tenant and no shard of their own, and in the place of the epoch
/// stands a number that no other process has. Thread-safe.
/// </summary>
internal sealed class TensorIds
{
    /// <summary>Whose predictions they are in the log.</summary>
    public const string Tenant = "tensors";

    private readonly string _suffix = $".{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(8))}.";
    private long _next;

    /// <summary>Takes numbers, one for each row.</summary>
    /// <returns>The first.</returns>
    public long Take(int rows) => Interlocked.Add(ref _next, rows) - rows;

    public string Of(long timeMs, long number) => string.Create(CultureInfo.InvariantCulture, $"{Tenant}.0.{timeMs:x}{_suffix}{number:x}");
}
