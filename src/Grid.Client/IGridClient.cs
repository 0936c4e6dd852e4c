using Grid.Abstractions;
using Grid.Primitives;

namespace Grid.Client;

/// <summary>
/// The SDK: one interface inside a silo and over HTTP. Thread-safe; make one per process.
/// Failures are <see cref="GridException"/>s that name the culprit and the fix.
/// </summary>
public interface IGridClient
{
    /// <summary>The workspace whose models and views are used.</summary>
    string Workspace { get; }

    IGridModels Models { get; }

    IGridViews Views { get; }

    IGridTenants Tenants { get; }

    IGridSources Sources { get; }

    IGridStreams Streams { get; }

    IGridPredictions Predictions { get; }

    IGridDatasets Datasets { get; }

    IGridSignals Signals { get; }

    /// <summary>The silos; the same for every workspace.</summary>
    IGridCluster Cluster { get; }

    /// <summary>Predicts for one entity, in the process that holds its features.</summary>
    /// <param name="model">The model; its rollout chooses the version unless <paramref name="options"/> pin one.</param>
    /// <param name="tenant">The tenant whose features are used.</param>
    /// <param name="entity">Key of the main entity.</param>
    /// <param name="values">Request-time values by name.</param>
    /// <param name="asOf">The time the features are read as of; default now.</param>
    /// <param name="options">Version, deadline, and what else to answer.</param>
    /// <param name="cancellationToken">Cancels while the run has not begun.</param>
    /// <exception cref="GridException">Unknown model, tenant or version; a missing or unknown value; overload; deadline.</exception>
    ValueTask<Prediction> PredictAsync(
        string model,
        string tenant,
        string entity,
        RequestValues? values = null,
        DateTimeOffset? asOf = null,
        PredictOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>Predicts for many entities. Answers come in the order of the items; one that failed carries its <see cref="Prediction.Error"/>, others are not touched by it.</summary>
    ValueTask<IReadOnlyList<Prediction>> PredictManyAsync(
        string model,
        string tenant,
        IReadOnlyList<PredictItem> items,
        DateTimeOffset? asOf = null,
        PredictOptions? options = null,
        CancellationToken cancellationToken = default);

    /// <summary>
    /// Appends events with idempotency keys; answered per event, in order. Retried inside: a key makes that safe.
    /// </summary>
    /// <exception cref="GridException">With <see cref="GridErrorCode.OutcomeUnknown"/> append again with the same keys.</exception>
    ValueTask<IReadOnlyList<EventAnswer>> AppendAsync(
        string tenant,
        IReadOnlyList<GridEvent> events,
        AckMode ack = AckMode.Durable,
        CancellationToken cancellationToken = default);

    /// <summary>Reads features of one entity.</summary>
    /// <param name="tenant">The tenant.</param>
    /// <param name="view">The feature view.</param>
    /// <param name="entity">Key of the entity; empty for a view of scope tenant.</param>
    /// <param name="features">Names within the view; null for all.</param>
    /// <param name="asOf">The time to read as of; default now.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<FeatureReading> ReadFeaturesAsync(
        string tenant,
        string view,
        string entity,
        IReadOnlyList<string>? features = null,
        DateTimeOffset? asOf = null,
        CancellationToken cancellationToken = default);

    /// <summary>Runs a model on tensors, without features.</summary>
    /// <param name="model">The model.</param>
    /// <param name="inputs">Every input of the model, by name; batch dimension included.</param>
    /// <param name="version">A version to pin, or null for what the rollout says.</param>
    /// <param name="outputs">Outputs to answer; null for all.</param>
    /// <param name="deadline">How long the caller still waits; default the model's own limit.</param>
    /// <param name="cancellationToken">Cancels while the run has not begun.</param>
    ValueTask<TensorPrediction> InferAsync(
        string model,
        IReadOnlyList<Tensor> inputs,
        string? version = null,
        IReadOnlyList<string>? outputs = null,
        TimeSpan? deadline = null,
        CancellationToken cancellationToken = default);

    /// <summary>Reports the truth about predictions, after any delay; each is judged for itself, answered in order once stored. Safe to repeat.</summary>
    ValueTask<IReadOnlyList<OutcomeAnswer>> ReportOutcomeAsync(
        string tenant,
        IReadOnlyList<Outcome> outcomes,
        CancellationToken cancellationToken = default);
}
