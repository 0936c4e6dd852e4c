using System.Security.Cryptography;

namespace Grid.Grains.Rollouts;

/// <summary>Numbers for requests that are drawn anew each time. Thread-safe; each process begins elsewhere.</summary>
internal sealed class RolloutTickets
{
    private ulong _last = BitConverter.ToUInt64(RandomNumberGenerator.GetBytes(sizeof(ulong)));

    public ulong Next() => Interlocked.Increment(ref _last);
}
