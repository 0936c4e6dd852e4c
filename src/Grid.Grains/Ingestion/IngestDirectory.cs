using System.Collections.Concurrent;
using Grid.Abstractions;
using Grid.Primitives;

namespace Grid.Grains.Ingestion;

/// <summary>The partitions that this silo knows of, as the coordinator last heard from the brokers, and how each is doing. Thread-safe.</summary>
internal sealed class IngestDirectory(IngestSources sources, IGrainFactory grains)
{
    private readonly ConcurrentDictionary<string, int> _partitions = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<string, GridError> _errors = new(StringComparer.Ordinal);

    private readonly ConcurrentDictionary<PartitionKey, byte> _held = new();
    private volatile bool _isClosed;

    /// <summary>The silo stops: no reader is to be started here any more.</summary>
    public bool IsClosed => _isClosed;

    /// <summary>This silo holds the reader of a partition, or does no more.</summary>
    public void Hold(PartitionKey key, bool isHeld)
    {
        if (isHeld)
        {
            _held[key] = 0;
        }
        else
        {
            _held.TryRemove(key, out _);
        }
    }

    /// <summary>Partitions that are read here.</summary>
    public int Held => _isClosed ? 0 : _held.Count;

    /// <summary>Starts no more readers; returns those that are held.</summary>
    public IReadOnlyCollection<PartitionKey> Close()
    {
        _isClosed = true;
        return [.. _held.Keys];
    }

    /// <summary>Partitions of a source; 0 while the brokers did not say.</summary>
    public int PartitionsOf(string source) => _partitions.GetValueOrDefault(source);

    /// <summary>What the brokers said. Partitions are only ever added to a topic, so a lower number is a broker that is behind.</summary>
    public bool Heard(string source, int partitions)
    {
        _errors.TryRemove(source, out _);
        var before = PartitionsOf(source);
        _partitions[source] = Math.Max(before, partitions);
        return partitions > before;
    }

    public void Failed(string source, GridError error) => _errors[source] = error;

    /// <summary>Every partition of a workspace's sources, by source and number; one whose topic is not found yet has a row of its own with partition -1.</summary>
    public async Task<IReadOnlyList<PartitionIngestStatus>> ReadAsync(string workspace, CancellationToken cancellationToken)
    {
        var asked = new List<Task<PartitionIngestStatus>>();
        foreach (var source in sources.All.Where(s => s.Options.Workspace == workspace).OrderBy(static s => s.Options.Name, StringComparer.Ordinal))
        {
            var options = source.Options;
            var partitions = PartitionsOf(options.Name);
            for (var i = 0; i < partitions; i++)
            {
                asked.Add(AskAsync(new PartitionKey(options.Name, options.Topic, i), cancellationToken));
            }

            if (partitions == 0)
            {
                asked.Add(Task.FromResult(Away(new PartitionKey(options.Name, options.Topic, -1), _errors.GetValueOrDefault(options.Name))));
            }
        }

        return await Task.WhenAll(asked);
    }

    private async Task<PartitionIngestStatus> AskAsync(PartitionKey key, CancellationToken cancellationToken)
    {
        try
        {
            return await grains.GetGrain<IPartitionIngestGrain>(key.ToString()).GetStatusAsync().AsTask().WaitAsync(cancellationToken);
        }
        catch (Exception e) when (ShardErrors.Transient(e, cancellationToken) is { } error)
        {
            return Away(key, error with { Target = $"partition {key}" });
        }
    }

    private static PartitionIngestStatus Away(PartitionKey key, GridError? error) => new()
    {
        Source = key.Source,
        Topic = key.Topic,
        Partition = key.Partition,
        Silo = "",
        State = PartitionIngestState.Connecting,
        Error = error,
    };
}
