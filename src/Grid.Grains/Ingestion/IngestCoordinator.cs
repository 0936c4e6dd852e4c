using System.IO.Hashing;
using System.Text;
using Grid.Abstractions;
using Grid.Grains.Gossip;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Grid.Grains.Ingestion;

/// <inheritdoc cref="IIngestCoordinator"/>
/// <remarks>
/// Each active silo that is not leaving calls the readers that fall to it by rendezvous hashing, so that a silo that joins or goes moves its own share and no other.
/// A reader that is not active is made by the call; one that is active elsewhere stops there, and the next call makes it here.
/// </remarks>
[Reentrant]
internal sealed partial class IngestCoordinator : GrainService, IIngestCoordinator
{
    private static readonly TimeSpan Period = TimeSpan.FromSeconds(1);

    /// <summary>How often the brokers are asked for added partitions, once their number is known.</summary>
    private static readonly TimeSpan CountPeriod = TimeSpan.FromSeconds(10);

    private readonly IngestSources _sources;
    private readonly IngestDirectory _directory;
    private readonly IGrainFactory _grains;
    private readonly ClusterView _cluster;
    private readonly SiloAddress _local;
    private readonly TimeProvider _time;
    private readonly ILogger<IngestCoordinator> _logger;
    private readonly CancellationTokenSource _stopping = new();
    private readonly Dictionary<string, long> _countedAt = new(StringComparer.Ordinal);
    private Task _loop = Task.CompletedTask;

    public IngestCoordinator(
        GrainId id,
        Silo silo,
        ILoggerFactory loggerFactory,
        IngestSources sources,
        IngestDirectory directory,
        IGrainFactory grains,
        ClusterView cluster,
        ILocalSiloDetails local,
        TimeProvider time)
        : base(id, silo, loggerFactory)
    {
        _sources = sources;
        _directory = directory;
        _grains = grains;
        _cluster = cluster;
        _local = local.SiloAddress;
        _time = time;
        _logger = loggerFactory.CreateLogger<IngestCoordinator>();
    }

    protected override Task StartInBackground()
    {
        if (_sources.All.Count > 0)
        {
            _loop = RunAsync(_stopping.Token);
        }

        return Task.CompletedTask;
    }

    public override async Task Stop()
    {
        await _stopping.CancelAsync();
        await _loop;
        await base.Stop();
    }

    /// <summary>Which of the silos holds a partition: the one with the greatest hash of both names.</summary>
    internal static SiloAddress OwnerOf(PartitionKey key, IReadOnlyCollection<SiloAddress> silos) =>
        silos.MaxBy(silo => XxHash3.HashToUInt64(Encoding.UTF8.GetBytes($"{key}\n{silo.ToParsableString()}")))!;

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        using var timer = new PeriodicTimer(Period, _time);
        try
        {
            do
            {
                await Task.WhenAll(_sources.All.Select(source => KeepAsync(source, cancellationToken)));
            }
            while (await timer.WaitForNextTickAsync(cancellationToken));
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The silo stops; another one's coordinator takes over.
        }
    }

    private async Task KeepAsync(IngestSource source, CancellationToken cancellationToken)
    {
        var options = source.Options;
        try
        {
            await CountAsync(source, cancellationToken);
            var silos = _cluster.Takers();
            var calls = new List<Task>();
            for (var i = 0; i < _directory.PartitionsOf(options.Name); i++)
            {
                var key = new PartitionKey(options.Name, options.Topic, i);
                var isOurs = silos.Count > 0 && OwnerOf(key, silos).Equals(_local);
                _directory.Hold(key, isOurs);
                if (isOurs && !_directory.IsClosed)
                {
                    calls.Add(CallAsync(key, cancellationToken));
                }
            }

            await Task.WhenAll(calls);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            // Readers that run go on; the next period tries again.
            LogFailed(e, options.Name);
        }
    }

    private async Task CountAsync(IngestSource source, CancellationToken cancellationToken)
    {
        var name = source.Options.Name;
        if (_directory.PartitionsOf(name) > 0 && _countedAt.TryGetValue(name, out var at) && _time.GetElapsedTime(at) < CountPeriod)
        {
            return;
        }

        var (partitions, error) = await source.Topic.CountAsync(cancellationToken);
        _countedAt[name] = _time.GetTimestamp();
        if (error is not null)
        {
            _directory.Failed(name, error);
            LogUncounted(name, error);
        }
        else if (_directory.Heard(name, partitions))
        {
            LogPartitions(name, source.Options.Topic, partitions);
        }
    }

    private async Task CallAsync(PartitionKey key, CancellationToken cancellationToken)
    {
        try
        {
            await _grains.GetGrain<IPartitionIngestGrain>(key.ToString()).StartAsync(_local.ToParsableString(), cancellationToken).AsTask().WaitAsync(cancellationToken);
        }
        catch (Exception e) when (!cancellationToken.IsCancellationRequested)
        {
            LogUnreached(e, key);
        }
    }

    [LoggerMessage(EventId = 2641, Level = LogLevel.Information, Message = "Source {Source}: topic {Topic} has {Partitions} partitions")]
    private partial void LogPartitions(string source, string topic, int partitions);

    [LoggerMessage(EventId = 2642, Level = LogLevel.Warning, Message = "Source {Source}: the partitions are not known: {Error}")]
    private partial void LogUncounted(string source, Primitives.GridError error);

    [LoggerMessage(EventId = 2643, Level = LogLevel.Warning, Message = "The reader of {Partition} could not be called; it is called again")]
    private partial void LogUnreached(Exception error, PartitionKey partition);

    [LoggerMessage(EventId = 2644, Level = LogLevel.Error, Message = "Source {Source}: its readers could not be called; they are called again")]
    private partial void LogFailed(Exception error, string source);
}
