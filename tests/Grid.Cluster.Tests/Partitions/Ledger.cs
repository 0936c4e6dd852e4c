using System.Collections.Concurrent;
using Grid.Abstractions;
using Grid.Client;
using Grid.Primitives;

namespace Grid.Cluster.Tests.Partitions;

/// <summary>What callers were told is stored: each entry once, however often they were told. Thread-safe.</summary>
internal sealed class Ledger
{
    private readonly ConcurrentDictionary<(string Tenant, string Account, int Number), byte> _entries = new();

    public int CountOf(string tenant) => _entries.Keys.Count(entry => entry.Tenant == tenant);

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
            _entries[(tenant, account, number)] = 0;
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
        // Numbers are whole: their sum is exact in any order.
        foreach (var account in _entries.Keys.GroupBy(static entry => (entry.Tenant, entry.Account)))
        {
            var (tenant, name) = account.Key;
            var reading = await grid.ReadFeaturesAsync(tenant, "ledger", name, ["n", "total"]);
            Assert.Equal((tenant, name, (double)account.Count(), (double)account.Sum(static entry => entry.Number)), (tenant, name, reading.Values[0], reading.Values[1]));
        }
    }

    private static string KeyOf(string tenant, string account, int number) => $"{tenant}-{account}-{number}";
}
