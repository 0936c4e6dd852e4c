using Grid.Chaos.Workload;

namespace Grid.Chaos.Checking;

/// <summary>What one tenant's features must be, worked out from the topic, the acknowledged pushes and, for the order between sources alone, the shard's log.</summary>
internal sealed class TenantExpectation
{
    private readonly List<string> _failures = [];

    private TenantExpectation(string tenant) => Tenant = tenant;

    public string Tenant { get; }

    public PlainShard Shard { get; } = new();

    /// <summary>What the log has twice, not, out of order, or without anybody having sent it.</summary>
    public IReadOnlyList<string> Failures => _failures;

    /// <summary>Dead letters that the shard must have sent: source, position, reason.</summary>
    public List<(string Source, string Position, string Reason)> SetAside { get; } = [];

    /// <param name="tenant">Its name.</param>
    /// <param name="records">Its records, each partition's in order.</param>
    /// <param name="pushed">Acknowledged pushes by the hash of their key.</param>
    /// <param name="log">The events of its log.</param>
    public static TenantExpectation Of(string tenant, IReadOnlyList<PlainRecord> records, IReadOnlyDictionary<UInt128, PushedEvent> pushed, IReadOnlyList<LogEntry> log)
    {
        var expectation = new TenantExpectation(tenant);
        expectation.Check(records, pushed, log);
        return expectation;
    }

    private void Check(IReadOnlyList<PlainRecord> records, IReadOnlyDictionary<UInt128, PushedEvent> pushed, IReadOnlyList<LogEntry> log)
    {
        // 1. What becomes of each record depends on its own partition alone.
        var accepted = new Dictionary<string, Queue<PlainRecord>>();
        var decisions = new PlainShard();
        foreach (var record in records)
        {
            var partition = $"{record.Record.Partition}";
            var fault = record.Event is { } e ? decisions.Apply(ChaosViews.Feed, partition, record.Record.Offset, record.Record.ArrivalMs, e) : record.ShardFault;
            if (fault is not null)
            {
                SetAside.Add(($"{ChaosViews.Feed}/{partition}", $"{record.Record.Offset}", fault));
            }
            else if (record.Event is not null)
            {
                accepted.TryAdd(partition, new Queue<PlainRecord>());
                accepted[partition].Enqueue(record);
            }
        }

        // 2. The log must have each exactly once, each partition's in order; between them its order is the truth.
        var seen = new HashSet<UInt128>();
        foreach (var entry in log)
        {
            if (entry.Feed == "push")
            {
                if (!pushed.TryGetValue(entry.KeyHash, out var push))
                {
                    Fail($"has a push at {entry.TimeMs} that nobody was told of");
                }
                else if (!seen.Add(entry.KeyHash))
                {
                    Fail($"has push {push.Key} twice");
                }
                else
                {
                    Shard.Apply("push", "", entry.Position, push.Event.TimeMs, push.Event);
                }
            }
            else if (entry.Feed != ChaosViews.Feed)
            {
                Fail($"has an event of feed {entry.Feed}");
            }
            else if (!accepted.TryGetValue(entry.Partition, out var due) || !due.TryDequeue(out var next))
            {
                Fail($"has offset {entry.Position} of partition {entry.Partition} where no more is due");
            }
            else if (next.Record.Offset != entry.Position)
            {
                Fail($"has offset {entry.Position} of partition {entry.Partition} where {next.Record.Offset} is due");
            }
            else
            {
                Shard.Apply(entry.Feed, entry.Partition, entry.Position, next.Record.ArrivalMs, next.Event!);
            }
        }

        // 3. And nothing may be missing.
        foreach (var (partition, due) in accepted.Where(static a => a.Value.Count > 0))
        {
            Fail($"lacks {due.Count} events of partition {partition} from offset {due.Peek().Record.Offset} on");
        }

        foreach (var (hash, push) in pushed.Where(p => !seen.Contains(p.Key)))
        {
            Fail($"lacks push {push.Key}, which was acknowledged");
        }
    }

    private void Fail(string what)
    {
        // The first tells where to look; after one misplaced offset all others follow.
        if (_failures.Count < 3)
        {
            _failures.Add($"log of {Tenant} {what}");
        }
    }
}
