using Grid.Abstractions;
using Grid.Bench.Clusters;
using Grid.Client;
using Grid.Primitives;

namespace Grid.Bench.Healing;

/// <summary>What was acknowledged for each tenant, and what may or may not be there. Thread-safe.</summary>
internal sealed class WriteLedger(IReadOnlyList<string> tenants)
{
    private const int ReadersAtOnce = 16;

    /// <summary>Of an application that tries again after the SDK gave up.</summary>
    private static readonly TimeSpan s_pause = TimeSpan.FromMilliseconds(100);

    /// <summary>The event that each tenant was made with.</summary>
    private readonly int[] _acknowledged = [.. tenants.Select(static _ => 1)];

    private readonly int[] _unknown = new int[tenants.Count];

    public int Acknowledged => _acknowledged.Sum() - tenants.Count;

    /// <summary>Sends a write under its key until it is acknowledged.</summary>
    /// <param name="grid">Where to.</param>
    /// <param name="tenant">Number of the tenant.</param>
    /// <param name="key">The key.</param>
    /// <param name="giveUp">Leaves it unknown whether the write is there.</param>
    /// <returns>What the first call failed with; null where it was acknowledged.</returns>
    public async Task<string?> WriteAsync(IGridClient grid, int tenant, string key, CancellationToken giveUp)
    {
        string? first = null;
        Interlocked.Increment(ref _unknown[tenant]);
        while (true)
        {
            try
            {
                var answers = await grid.AppendAsync(tenants[tenant], [ClusterContent.Entry(key)], cancellationToken: giveUp);
                if (answers[0].Verdict is not (EventVerdict.Accepted or EventVerdict.Duplicate))
                {
                    throw new InvalidOperationException($"The write {key} was answered {answers[0]}.");
                }

                Interlocked.Increment(ref _acknowledged[tenant]);
                Interlocked.Decrement(ref _unknown[tenant]);
                return first;
            }
            catch (GridException e)
            {
                first ??= e.Message;
                await Task.Delay(s_pause, CancellationToken.None);
            }
            catch (OperationCanceledException) when (giveUp.IsCancellationRequested)
            {
                return first ?? "not acknowledged in time";
            }
        }
    }

    /// <summary>Reads every tenant back.</summary>
    /// <returns>Acknowledged writes that are missing, and events beyond all that were sent.</returns>
    public async Task<(int Lost, int Doubled)> CheckAsync(IGridClient grid)
    {
        var (lost, doubled) = (0, 0);
        await Parallel.ForEachAsync(
            Enumerable.Range(0, tenants.Count),
            new ParallelOptions { MaxDegreeOfParallelism = ReadersAtOnce },
            async (i, token) =>
            {
                var reading = await grid.ReadFeaturesAsync(tenants[i], ClusterContent.View, ClusterContent.Account, ["n"], cancellationToken: token);
                var there = (int)reading.Values[0];
                Interlocked.Add(ref lost, Math.Max(0, _acknowledged[i] - there));
                Interlocked.Add(ref doubled, Math.Max(0, there - _acknowledged[i] - _unknown[i]));
            });
        return (lost, doubled);
    }
}
