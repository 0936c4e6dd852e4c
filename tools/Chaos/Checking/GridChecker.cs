using System.Collections.Concurrent;
using System.Globalization;
using System.IO.Hashing;
using System.Text;
using Grid.Chaos.Workload;
using Grid.Client;
using Grid.Primitives;

namespace Grid.Chaos.Checking;

/// <summary>Says what is wrong after a run: with frontiers, logs, features, dead letters, and what a cold start makes of it all.</summary>
internal sealed class GridChecker(IGridClient grid, GridDatabase database)
{
    private const int AtATime = 8;

    /// <summary>Catching up takes seconds; a machine that is busy gets far more.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    /// <summary>Frontiers are at the end by then: only what shards carry after their commits is still under way, and what is missing stays so.</summary>
    private static readonly TimeSpan LetterPatience = TimeSpan.FromSeconds(30);

    private static readonly TimeSpan Period = TimeSpan.FromMilliseconds(100);

    private readonly ConcurrentQueue<string> _failures = new();
    private int _values;

    public IReadOnlyList<string> Failures => [.. _failures];

    public int Events { get; private set; }

    public int SetAside { get; private set; }

    public int Entities { get; private set; }

    /// <summary>Feature values that were compared.</summary>
    public int Values => _values;

    /// <summary>Compares everything.</summary>
    /// <returns>The digest of each shard.</returns>
    public async Task<IReadOnlyDictionary<string, string>> CheckAsync(TopicRecord[][] topic, IReadOnlyCollection<PushedEvent> pushed)
    {
        if (!await UntilAsync(async () => await IsAtEndAsync(topic)))
        {
            await TellFrontiersAsync(topic);
            return new Dictionary<string, string>();
        }

        var records = topic.SelectMany(static p => p).Select(PlainRecord.Parse).ToList();
        var blocks = (await database.BlocksAsync()).ToLookup(static b => b.Tenant);
        var pushes = pushed.ToLookup(static p => Tenants.Name(p.Tenant));
        var expectations = new List<TenantExpectation>();
        foreach (var tenant in records.Where(static r => r.Tenant.Length > 0).GroupBy(static r => r.Tenant).Select(static g => g.Key).Union(pushes.Select(static p => p.Key)))
        {
            expectations.Add(TenantExpectation.Of(
                tenant,
                [.. records.Where(r => r.Tenant == tenant)],
                pushes[tenant].ToDictionary(static p => XxHash128.HashToUInt128(Encoding.UTF8.GetBytes(p.Key))),
                LogOf(tenant, blocks[tenant])));
        }

        foreach (var failure in expectations.SelectMany(static e => e.Failures))
        {
            _failures.Enqueue(failure);
        }

        await CheckDeadLettersAsync([.. records.Where(static r => r.ReaderFault is not null).Select(static r => ($"{ChaosViews.Feed}/{r.Record.Partition}", $"{r.Record.Offset}", r.ReaderFault!)), .. expectations.SelectMany(static e => e.SetAside)]);
        await Parallel.ForEachAsync(expectations, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (expectation, _) => await CheckFeaturesAsync(expectation));
        Entities = expectations.Sum(static e => e.Shard.Total.Keys.Union(e.Shard.Recent.Keys).Count());
        return await DigestsAsync([.. blocks.Select(static b => b.Key)]);
    }

    /// <summary>After everything was started anew: the same shards with the same bits, and nobody reads anything twice.</summary>
    public async Task CheckColdAsync(IReadOnlyDictionary<string, string> digests, TopicRecord[][] topic)
    {
        foreach (var (tenant, digest) in await DigestsAsync([.. digests.Keys]))
        {
            if (digests[tenant] != digest)
            {
                _failures.Enqueue($"{tenant} has another digest after a cold start");
            }
        }

        if (!await UntilAsync(async () => await IsAtEndAsync(topic)))
        {
            await TellFrontiersAsync(topic);
        }
    }

    private static async Task<bool> UntilAsync(Func<Task<bool>> isSo, TimeSpan? patience = null)
    {
        var deadline = DateTime.UtcNow + (patience ?? Patience);
        while (!await isSo())
        {
            if (DateTime.UtcNow > deadline)
            {
                return false;
            }

            await Task.Delay(Period);
        }

        return true;
    }

    private async Task<bool> IsAtEndAsync(TopicRecord[][] topic)
    {
        var frontiers = await database.FrontiersAsync();
        return topic.Select((records, p) => records.Length == 0 || (frontiers.TryGetValue(p, out var frontier) && frontier == records.Length - 1)).All(static isAtEnd => isAtEnd);
    }

    private async Task TellFrontiersAsync(TopicRecord[][] topic)
    {
        var frontiers = await database.FrontiersAsync();
        _failures.Enqueue("frontiers stay at " + string.Join(", ", topic.Select((records, p) => $"{frontiers.GetValueOrDefault(p, -1)} of {records.Length - 1}")));
        try
        {
            foreach (var status in await grid.Streams.ListAsync())
            {
                _failures.Enqueue($"partition {status.Partition} on {status.Silo}: {status.State}, next {status.Next}, frontier {status.Frontier}, parked {status.Parked}, {status.Error}");
            }
        }
        catch (GridException e)
        {
            _failures.Enqueue($"the state of the partitions cannot be read: {e.Message}");
        }
    }

    private List<LogEntry> LogOf(string tenant, IEnumerable<RecordedBlock> blocks)
    {
        var entries = new List<LogEntry>();
        var last = 0L;
        foreach (var block in blocks)
        {
            var reader = new BlockReader(block.Payload);
            if (block.Sequence != last + 1 || reader.Sequence != block.Sequence)
            {
                _failures.Enqueue($"log of {tenant} has block {block.Sequence} (inside {reader.Sequence}, epoch {block.Epoch}) after block {last}");
            }

            last = block.Sequence;
            entries.AddRange(reader.Read());
        }

        Events += entries.Count;
        return entries;
    }

    private async Task CheckDeadLettersAsync(List<(string Source, string Position, string Reason)> due)
    {
        // Shards send theirs once the block that decided is durable, and again until it is acknowledged.
        List<(string Source, string Position, string Reason, string Message)> letters = [];
        var wanted = due.ToHashSet();
        await UntilAsync(async () => wanted.IsSubsetOf((letters = await database.DeadLettersAsync()).Select(static l => (l.Source, l.Position, l.Reason))), LetterPatience);
        SetAside = due.Count;
        foreach (var missing in wanted.Except(letters.Select(static l => (l.Source, l.Position, l.Reason))).Take(5))
        {
            _failures.Enqueue($"dead letter {missing} is missing");
        }

        foreach (var extra in letters.Where(l => !wanted.Contains((l.Source, l.Position, l.Reason))).Take(5))
        {
            _failures.Enqueue($"dead letter {extra} should not be there");
        }

        foreach (var twice in letters.GroupBy(static l => (l.Source, l.Position)).Where(static g => g.Count() > 1).Take(5))
        {
            _failures.Enqueue($"dead letter {twice.Key} is there {twice.Count()} times");
        }
    }

    private async Task CheckFeaturesAsync(TenantExpectation expectation)
    {
        var shard = expectation.Shard;
        foreach (var (entity, entries) in shard.Total)
        {
            await CompareAsync(expectation.Tenant, "total", entity, PlainShard.ReadTotal(entries, RecordFlow.AsOfMs));
        }

        foreach (var (entity, entries) in shard.Recent)
        {
            await CompareAsync(expectation.Tenant, "recent", entity, PlainShard.ReadRecent(entries, RecordFlow.AsOfMs));
        }

        if (shard.Visits.Count > 0)
        {
            await CompareAsync(expectation.Tenant, "visits", "", shard.ReadVisits());
        }
    }

    private async Task CompareAsync(string tenant, string view, string entity, SortedDictionary<string, double> expected)
    {
        try
        {
            var reading = await grid.ReadFeaturesAsync(tenant, view, entity, [.. expected.Keys], DateTimeOffset.FromUnixTimeMilliseconds(RecordFlow.AsOfMs));
            for (var i = 0; i < reading.Names.Length; i++)
            {
                Interlocked.Increment(ref _values);
                var wanted = (float)expected[reading.Names[i]];
                if (BitConverter.SingleToInt32Bits(wanted) != BitConverter.SingleToInt32Bits(reading.Values[i]))
                {
                    _failures.Enqueue(string.Create(CultureInfo.InvariantCulture, $"{tenant} {view} '{entity}' {reading.Names[i]} is {reading.Values[i]:R}, not {wanted:R}"));
                }
            }
        }
        catch (GridException e)
        {
            _failures.Enqueue($"{tenant} {view} '{entity}' cannot be read: {e.Message}");
        }
    }

    private async Task<IReadOnlyDictionary<string, string>> DigestsAsync(IReadOnlyCollection<string> tenants)
    {
        var digests = new ConcurrentDictionary<string, string>();
        await Parallel.ForEachAsync(tenants, new ParallelOptions { MaxDegreeOfParallelism = AtATime }, async (tenant, token) =>
        {
            try
            {
                digests[tenant] = (await grid.Tenants.GetShardAsync(tenant, 0, withDigest: true, token)).StateDigest;
            }
            catch (GridException e)
            {
                _failures.Enqueue($"shard of {tenant} cannot be asked for its digest: {e.Message}");
            }
        });
        return digests;
    }
}
