using System.Collections.Concurrent;
using Grid.Abstractions;
using Grid.Client;
using Grid.Primitives;

namespace Grid.Cluster.Tests.Partitions;

/// <summary>What callers were told is stored, in plain sums: each entry once. Thread-safe.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<(string Tenant, string Account), (int Count, double Total)> _accounts = new();

    public int CountOf(string tenant) => _accounts.Where(pair => pair.Key.Tenant == tenant).Sum(static pair => pair.Value.Count);

    /// <summary>Sends an entry under its key until the grid says that it has it.</summary>
    /// <exception cref="GridException">The grid says that sending it again is of no use.</exception>
    public async Task AppendAsync(IGridClient grid, string tenant, string account, int number, CancellationToken cancellationToken = default)
    {
        while (await TryAsync(grid, tenant, account, number, cancellationToken) is { } error)
        {
            if (!MayPass(error))
            {
                throw error.ToException();
            }
        }
    }

    /// <summary>Sends an entry once.</summary>
    /// <returns>Why it was not taken; null where it was.</returns>
    public async Task<GridError?> TryAsync(IGridClient grid, string tenant, string account, int number, CancellationToken cancellationToken = default)
    {
        try
        {
            var entry = new GridEvent("entry", DateTimeOffset.UnixEpoch.AddDays(20_000), KeyOf(tenant, account, number), new Dictionary<string, object?> { ["account"] = account, ["amount"] = (double)number });
            var answer = Assert.Single(await grid.AppendAsync(tenant, [entry], cancellationToken: cancellationToken));
            Assert.True(answer.Verdict is EventVerdict.Accepted or EventVerdict.Duplicate, answer.ToString());
            Acknowledged(tenant, account, number);
            return null;
        }
        catch (GridException e)
        {
            return e.Error;
        }
    }

    /// <summary>True for what tells its caller to try again.</summary>
    public static bool MayPass(GridError error) =>
        error.Code is GridErrorCode.OutcomeUnknown
        || (error.Code is GridErrorCode.Unavailable or GridErrorCode.Overloaded or GridErrorCode.DeadlineExceeded && error.RetryAfterMs is not null);

    /// <summary>Fails where the grid has not exactly what was acknowledged.</summary>
    public async Task CheckAsync(IGridClient grid)
    {
        foreach (var ((tenant, account), (count, total)) in _accounts)
        {
            var reading = await grid.ReadFeaturesAsync(tenant, "ledger", account, ["n", "total"]);
            Assert.Equal((tenant, account, (double)count, total), (tenant, account, reading.Values[0], reading.Values[1]));
        }
    }

    private static string KeyOf(string tenant, string account, int number) => $"{tenant}-{account}-{number}";

    // Whole numbers: their sum is exact in any order.
    private void Acknowledged(string tenant, string account, int number) =>
        _accounts.AddOrUpdate((tenant, account), (1, number), (_, before) => (before.Count + 1, before.Total + number));
}
