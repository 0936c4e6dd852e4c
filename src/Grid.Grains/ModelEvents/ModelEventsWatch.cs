using System.Collections.Concurrent;
using Grid.Grains.Catalogue;
using Grid.Grains.Hosting;
using Grid.Primitives;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Options;
using Orleans.Runtime;

namespace Grid.Grains.ModelEvents;

/// <summary>
/// Has the actors look that tell what happens to models: when this silo's catalogue changes, at start for all that happened while nobody ran, and where events wait and
/// nobody seems to look after them. Every silo does it, since any may be the only one left that knows; what an actor has written down already costs one call.
/// </summary>
internal sealed partial class ModelEventsWatch : BackgroundService
{
    private const int MaxDue = 100;
    private const int AskedAtOnce = 8;

    private readonly CatalogueReplica _catalogue;
    private readonly ModelEventsStore _store;
    private readonly IGrainFactory _grains;
    private readonly TimeSpan _period;
    private readonly TimeProvider _time;
    private readonly ILogger<ModelEventsWatch> _logger;
    private readonly HashSet<ModelKey> _behind = [];
    private readonly SemaphoreSlim _changed = new(0);
    private CatalogueSnapshot? _seen;

    public ModelEventsWatch(
        CatalogueReplica catalogue,
        ModelEventsStore store,
        IGrainFactory grains,
        IOptions<GridGrainsOptions> options,
        TimeProvider time,
        ILogger<ModelEventsWatch> logger)
    {
        _catalogue = catalogue;
        _store = store;
        _grains = grains;
        _period = options.Value.Monitoring.Period;
        _time = time;
        _logger = logger;
    }

    public override void Dispose()
    {
        _changed.Dispose();
        base.Dispose();
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        void Wake(CatalogueSnapshot snapshot)
        {
            try
            {
                _changed.Release();
            }
            catch (ObjectDisposedException)
            {
                // The host stops; whoever pulled the catalogue goes on.
            }
        }

        _catalogue.Changed += Wake;
        try
        {
            while (true)
            {
                await LookAsync(stoppingToken);
                await _changed.WaitAsync(_period, stoppingToken);
                while (_changed.Wait(0, CancellationToken.None))
                {
                    // Several changes are looked at together.
                }
            }
        }
        catch (OperationCanceledException) when (stoppingToken.IsCancellationRequested)
        {
            // What nobody has looked at, another silo does, or this one when it is back.
        }
        finally
        {
            _catalogue.Changed -= Wake;
        }
    }

    private async Task LookAsync(CancellationToken cancellationToken)
    {
        try
        {
            var snapshot = _seen is null ? await _catalogue.PullAsync(cancellationToken) : _catalogue.Current;
            _behind.UnionWith(_seen is null ? Behind(snapshot, await ListAsync(cancellationToken)) : Changed(_seen, snapshot));
            _seen = snapshot;
            var due = await _store.DueAsync(_time.GetUtcNow().ToUnixTimeMilliseconds(), MaxDue, cancellationToken);
            _behind.UnionWith(due.Select(ModelKey.Parse));
        }
        catch (Exception e) when (CallErrors.MayPass(e, cancellationToken))
        {
            // The next period asks again, and those that are known to be left are asked now.
            LogNotRead(e);
        }

        // One that cannot be asked, or whose document cannot be read, holds up no other.
        var asked = new ConcurrentBag<ModelKey>();
        await Parallel.ForEachAsync(_behind, new ParallelOptions { MaxDegreeOfParallelism = AskedAtOnce, CancellationToken = cancellationToken }, async (model, token) =>
        {
            try
            {
                await _grains.GetGrain<IModelEventsGrain>(model.ToString()).LookAsync().WaitAsync(token);
                asked.Add(model);
            }
            catch (Exception e) when (CallErrors.MayPass(e, token))
            {
                LogNotAsked(e, model);
            }
        });
        _behind.ExceptWith(asked);
    }

    /// <returns>What is stored; nothing where some of it cannot be read: then all are asked, and the one says why.</returns>
    private async Task<Dictionary<ModelKey, ModelEventsDocument>> ListAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await _store.ListAsync(cancellationToken);
        }
        catch (GridException e) when (e.Error.Code == GridErrorCode.Corrupt)
        {
            LogNotRead(e);
            return [];
        }
    }

    /// <summary>Models of which not everything has been written down, or told.</summary>
    private static IEnumerable<ModelKey> Behind(CatalogueSnapshot snapshot, Dictionary<ModelKey, ModelEventsDocument> documents)
    {
        var versions = snapshot.Versions.ToLookup(static version => version.Key.ModelKey);
        return from model in snapshot.Models.Keys.Union(versions.Select(static ofModel => ofModel.Key))
               let document = documents.GetValueOrDefault(model)
               where document?.Pending.Length > 0
                   || ModelChanges.Any(document?.Told ?? ToldOfModel.Nothing, snapshot.Models.TryGetValue(model, out var entry) ? entry.Entry : null, versions[model])
               select model;
    }

    /// <summary>Models that are not as they were.</summary>
    private static IEnumerable<ModelKey> Changed(CatalogueSnapshot before, CatalogueSnapshot now)
    {
        // A change of something else leaves these as they are: most changes are of tenants.
        var models = ReferenceEquals(before.Models, now.Models) ? [] : now.Models.Where(model => !before.Models.TryGetValue(model.Key, out var was) || was != model.Value).Select(static model => model.Key);
        var versions = ReferenceEquals(before.Versions, now.Versions)
            ? []
            : now.Versions.Where(version => !before.Versions.TryGetValue(version.Key, out var was) || was != version.Value).Select(static version => version.Key.ModelKey);
        return models.Concat(versions);
    }

    [LoggerMessage(EventId = 2871, Level = LogLevel.Warning, Message = "What happened to model {Model} could not be written down; it is tried again")]
    private partial void LogNotAsked(Exception error, ModelKey model);

    [LoggerMessage(EventId = 2873, Level = LogLevel.Warning, Message = "Which models have something to be told could not be read; it is tried again")]
    private partial void LogNotRead(Exception error);
}
