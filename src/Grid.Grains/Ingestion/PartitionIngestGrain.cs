using Grid.Abstractions;
using Grid.Primitives;
using Orleans.Concurrency;
using Orleans.Placement;
using Orleans.Runtime;
using Orleans.Runtime.Placement;

namespace Grid.Grains.Ingestion;

/// <inheritdoc cref="IPartitionIngestGrain"/>
/// <remarks>Placed where it is called from: the coordinators share the partitions among the silos, and each calls its own.</remarks>
[GrainType("grid.partition-ingest"), Reentrant, PreferLocalPlacement]
internal sealed class PartitionIngestGrain(IngestSources sources, PartitionServices services) : Grain, IPartitionIngestGrain, IAsyncDisposable
{
    private PartitionIngest? _ingest;
    private Task _ending = Task.CompletedTask;

    public override async Task OnDeactivateAsync(DeactivationReason reason, CancellationToken cancellationToken) => await EndAsync();

    /// <summary>The runtime calls this when the activation is gone.</summary>
    public async ValueTask DisposeAsync() => await EndAsync();

    public async ValueTask<PartitionIngestStatus> StartAsync(string? silo, CancellationToken cancellationToken)
    {
        if (silo is not null && silo != services.Silo.SiloAddress.ToParsableString())
        {
            // Moved and not only ended: the caller's silo remembers this address, and would have the actor made here again with each call.
            await EndAsync();
            RequestContext.Set(IPlacementDirector.PlacementHintKey, SiloAddress.FromParsableString(silo));
            MigrateOnIdle();
            return Status();
        }

        await _ending;
        if (_ingest is { HasEnded: true } ended && ended.Status().State == PartitionIngestState.Fenced)
        {
            // Another actor reads it, so this one is not in the directory any more: the next call finds the right one.
            DeactivateOnIdle();
        }
        else if (_ingest is null)
        {
            _ingest = new PartitionIngest(Source(), Key, services);
            _ingest.Start();
        }

        return Status();
    }

    public async ValueTask<PartitionIngestStatus> StopAsync(CancellationToken cancellationToken)
    {
        await EndAsync().WaitAsync(cancellationToken);
        return Status();
    }

    public ValueTask<PartitionIngestStatus> GetStatusAsync() => new(Status());

    private PartitionKey Key => PartitionKey.Parse(this.GetPrimaryKeyString());

    private IngestSource Source()
    {
        var key = Key;
        return sources.Find(key.Source) is { } source && source.Options.Topic == key.Topic
            ? source
            : throw GridError.NotFound($"source '{key.Source}' of topic '{key.Topic}'", "is not configured on this silo.", "Give every silo the same sources.").ToException();
    }

    private PartitionIngestStatus Status() => _ingest?.Status() ?? new PartitionIngestStatus
    {
        Source = Key.Source,
        Topic = Key.Topic,
        Partition = Key.Partition,
        Silo = services.Silo.SiloAddress.ToParsableString(),
        State = PartitionIngestState.Stopped,
    };

    private Task EndAsync()
    {
        if (_ingest is { } ingest)
        {
            _ingest = null;
            _ending = ingest.DisposeAsync().AsTask();
        }

        return _ending;
    }
}
