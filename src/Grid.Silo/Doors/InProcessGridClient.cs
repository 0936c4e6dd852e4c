using Grid.Abstractions;
using Grid.Client;
using Grid.Grains.Catalogue;
using Grid.Grains.Gossip;
using Grid.Grains.Hosting;
using Grid.Grains.Ingestion;
using Grid.Grains.Monitoring;
using Grid.Grains.Outcomes;
using Grid.Grains.Predictions;
using Grid.Grains.Shards;
using Grid.Primitives;
using Grid.Storage;
using Microsoft.Extensions.Options;

namespace Grid.Silo.Doors;

/// <summary>The SDK inside a silo: grain calls without a socket. Every HTTP endpoint is a thin adapter over it.</summary>
internal sealed class InProcessGridClient : IGridClient
{
    private readonly TenantRoutes _routes;
    private readonly CatalogueReplica _catalogue;
    private readonly TensorDoor _tensors;
    private readonly OutcomeIntake _outcomes;
    private readonly PredictionInstruments _instruments;
    private readonly AwayOwners _owners;
    private readonly GridGrainsOptions _options;

    public InProcessGridClient(
        string workspace,
        IGrainFactory grains,
        CatalogueReplica catalogue,
        TensorDoor tensors,
        IGridStore store,
        OutcomeIntake outcomes,
        PredictionLogs logs,
        PredictionReplayer replayer,
        PredictionEraser eraser,
        DatasetMaker datasets,
        IngestDirectory streams,
        MonitorStore monitors,
        ClusterView cluster,
        GossipSender gossip,
        PredictionInstruments instruments,
        AwayOwners owners,
        IOptions<GridGrainsOptions> options)
    {
        Workspace = workspace;
        _catalogue = catalogue;
        _tensors = tensors;
        _outcomes = outcomes;
        _instruments = instruments;
        _owners = owners;
        _options = options.Value;
        _routes = new TenantRoutes(workspace, grains, catalogue, options);
        Models = new InProcessModels(workspace, grains, catalogue, store.Artifacts);
        Views = new InProcessViews(workspace, grains);
        Tenants = new InProcessTenants(workspace, grains, catalogue, _routes);
        Sources = new InProcessSources(_routes);
        Streams = new InProcessStreams(workspace, streams);
        Predictions = new InProcessPredictions(workspace, logs, replayer, eraser);
        Datasets = new InProcessDatasets(workspace, datasets);
        Cluster = new InProcessCluster(cluster, gossip, grains);
        Signals = new InProcessSignals(workspace, grains, monitors);
    }

    public string Workspace { get; }

    public IGridModels Models { get; }

    public IGridViews Views { get; }

    public IGridTenants Tenants { get; }

    public IGridSources Sources { get; }

    public IGridStreams Streams { get; }

    public IGridPredictions Predictions { get; }

    public IGridDatasets Datasets { get; }

    public IGridSignals Signals { get; }

    public IGridCluster Cluster { get; }

    public async ValueTask<Prediction> PredictAsync(
        string model,
        string tenant,
        string entity,
        RequestValues? values,
        DateTimeOffset? asOf,
        PredictOptions? options,
        CancellationToken cancellationToken)
    {
        var route = await _routes.FindAsync(tenant, cancellationToken);
        var wanted = options ?? PredictOptions.Default;
        var request = new PredictRequest(
            model,
            wanted.Version,
            entity,
            values ?? RequestValues.None,
            asOf?.ToUnixTimeMilliseconds(),
            DeadlineMs(wanted.Deadline),
            _catalogue.Current.Revision,
            wanted.WithFeatures);
        var shard = route.Shards[ShardHash.ShardOf(entity, route.Shards.Length)];
        var prediction = await _owners.CallAsync(
            (shard, request, cancellationToken),
            static call => call.shard.PredictAsync(call.request, call.cancellationToken),
            request.DeadlineMs,
            cancellationToken);
        if (prediction.Error is { } error)
        {
            throw error.ToException();
        }

        _instruments.Entered(isDirect: prediction.Owner == _options.HttpAddress);
        return prediction;
    }

    public async ValueTask<IReadOnlyList<Prediction>> PredictManyAsync(
        string model,
        string tenant,
        IReadOnlyList<PredictItem> items,
        DateTimeOffset? asOf,
        PredictOptions? options,
        CancellationToken cancellationToken)
    {
        var route = await _routes.FindAsync(tenant, cancellationToken);
        var wanted = options ?? PredictOptions.Default;
        var revision = _catalogue.Current.Revision;
        var answers = new Prediction[items.Count];
        await Task.WhenAll(Enumerable.Range(0, items.Count)
            .GroupBy(i => ShardHash.ShardOf(items[i].Entity, route.Shards.Length))
            .Select(group => OneShardAsync(route.Shards[group.Key], [.. group])));
        return answers;

        async Task OneShardAsync(IFeatureShardGrain shard, int[] indexes)
        {
            var request = new PredictManyRequest(
                model,
                wanted.Version,
                [.. indexes.Select(i => items[i].Entity)],
                [.. indexes.Select(i => items[i].Values ?? RequestValues.None)],
                asOf?.ToUnixTimeMilliseconds(),
                DeadlineMs(wanted.Deadline),
                revision,
                wanted.WithFeatures);
            var predictions = await _owners.CallAsync(
                (shard, request, cancellationToken),
                static call => call.shard.PredictManyAsync(call.request, call.cancellationToken),
                request.DeadlineMs,
                cancellationToken);
            for (var i = 0; i < indexes.Length; i++)
            {
                answers[indexes[i]] = predictions[i];
            }
        }
    }

    public async ValueTask<IReadOnlyList<EventAnswer>> AppendAsync(string tenant, IReadOnlyList<GridEvent> events, AckMode ack, CancellationToken cancellationToken)
    {
        var route = await _routes.FindAsync(tenant, cancellationToken);
        return await new EventAppend(_catalogue.Current.PlanOf(Workspace), route, events, ack, _owners).RunAsync(cancellationToken);
    }

    public async ValueTask<FeatureReading> ReadFeaturesAsync(
        string tenant,
        string view,
        string entity,
        IReadOnlyList<string>? features,
        DateTimeOffset? asOf,
        CancellationToken cancellationToken)
    {
        var route = await _routes.FindAsync(tenant, cancellationToken);
        var shard = route.Shards[ShardHash.ShardOf(entity, route.Shards.Length)];
        var request = new FeatureReadRequest(view, entity, features is null ? null : [.. features], asOf?.ToUnixTimeMilliseconds());
        var reading = await _owners.CallAsync((shard, request), static call => call.shard.ReadAsync(call.request), deadlineMs: null, cancellationToken);
        return reading.Error is { } error ? throw error.ToException() : reading;
    }

    public ValueTask<TensorPrediction> InferAsync(
        string model,
        IReadOnlyList<Tensor> inputs,
        string? version,
        IReadOnlyList<string>? outputs,
        TimeSpan? deadline,
        CancellationToken cancellationToken) =>
        _tensors.RunAsync(new ModelKey(Workspace, model), inputs, version, outputs, deadline, cancellationToken);

    public async ValueTask<IReadOnlyList<OutcomeAnswer>> ReportOutcomeAsync(string tenant, IReadOnlyList<Outcome> outcomes, CancellationToken cancellationToken)
    {
        await _routes.FindAsync(tenant, cancellationToken);
        return await _outcomes.ReportAsync(Workspace, tenant, outcomes, cancellationToken);
    }

    /// <summary>Whole milliseconds, at least one: a shorter deadline than that cannot be met by anything.</summary>
    private static int? DeadlineMs(TimeSpan? deadline)
    {
        if (deadline is not { } wait)
        {
            return null;
        }

        return wait > TimeSpan.Zero && wait <= TimeSpan.FromMinutes(10)
            ? Math.Max(1, (int)wait.TotalMilliseconds)
            : throw GridError.Invalid("deadline", $"is {wait.TotalMilliseconds} ms, and a deadline is 1 ms to 10 min.").ToException();
    }
}
