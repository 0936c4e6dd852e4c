using Grid.Abstractions;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Client.Http;

/// <summary>
/// The SDK over HTTP. Thread-safe; make one per process and dispose it at the end.
/// Reads, predictions, keyed appends and named writes are repeated with backoff within their deadline; deliveries are sent once.
/// </summary>
public sealed class HttpGridClient : IGridClient, IDisposable
{
    /// <summary>The silo refuses by the deadline itself; the SDK waits this much longer for that answer to travel.</summary>
    private static readonly TimeSpan DeadlineGrace = TimeSpan.FromMilliseconds(250);

    private static readonly TimeSpan MinDeadline = TimeSpan.FromMilliseconds(1);
    private static readonly TimeSpan MaxDeadline = TimeSpan.FromMinutes(10);

    private readonly GridTransport _transport;
    private readonly GridClientOptions _options;
    private readonly string _root;

    /// <exception cref="Microsoft.Extensions.Options.OptionsValidationException">With every mistake in <paramref name="options"/>.</exception>
    public HttpGridClient(GridClientOptions options)
        : this(options, null, TimeProvider.System)
    {
    }

    /// <summary>A client of one address, with the defaults.</summary>
    /// <param name="address">Base address of any silo's HTTP door.</param>
    /// <param name="workspace">The workspace.</param>
    public HttpGridClient(string address, string workspace = Primitives.GridNames.DefaultWorkspace)
        : this(new GridClientOptions { Addresses = [address], Workspace = workspace })
    {
    }

    internal HttpGridClient(GridClientOptions options, HttpMessageHandler? handler, TimeProvider time)
    {
        GridClientOptionsValidator.Require(options);
        _options = options;
        Workspace = options.Workspace;
        _root = $"v1/{Workspace}";

        // Connections are renewed now and then, so that a changed name resolves anew.
        _transport = new GridTransport(
            options,
            handler ?? new SocketsHttpHandler { PooledConnectionLifetime = TimeSpan.FromMinutes(5), AllowAutoRedirect = false, UseCookies = false },
            time);
        Models = new HttpGridModels(_transport, options, _root);
        Views = new HttpGridViews(_transport, _root);
        Tenants = new HttpGridTenants(_transport, _root);
        Sources = new HttpGridSources(_transport, _root);
        Streams = new HttpGridStreams(_transport, _root);
        Predictions = new HttpGridPredictions(_transport, options, _root);
        Datasets = new HttpGridDatasets(_transport, options, _root);
        Signals = new HttpGridSignals(_transport, _root, Workspace);
        Cluster = new HttpGridCluster(_transport);
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

    public void Dispose() => _transport.Dispose();

    public async ValueTask<Prediction> PredictAsync(
        string model,
        string tenant,
        string entity,
        RequestValues? values = null,
        DateTimeOffset? asOf = null,
        PredictOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        GridNames.Require("model", model);
        GridNames.Require("tenant", tenant);
        options = Check(options);
        var key = new OwnerKey(tenant, entity);
        var valuesByName = ToDictionary(values);
        var call = new GridCall(HttpMethod.Post, $"{_root}/tenants/{tenant}/predict/{model}", CallSafety.Read)
        {
            Target = $"prediction of model '{model}'",
            Owner = key,
            Budget = options.Deadline + DeadlineGrace,
            Content = left => JsonBytesContent.From(
                new PredictBody
                {
                    Entity = entity,
                    Values = valuesByName,
                    AsOf = WireTime.From(asOf),
                    Version = options.Version,
                    DeadlineMs = DeadlineMs(options.Deadline, left),
                    WithFeatures = options.WithFeatures ? true : null,
                },
                WireContext.Default.PredictBody),
        };
        var prediction = WirePredictions.FromBody(await _transport.SendAsync(call, WireContext.Default.PredictionBody, cancellationToken));
        _transport.RememberOwner(key, prediction.Owner);
        return prediction;
    }

    public async ValueTask<IReadOnlyList<Prediction>> PredictManyAsync(
        string model,
        string tenant,
        IReadOnlyList<PredictItem> items,
        DateTimeOffset? asOf = null,
        PredictOptions? options = null,
        CancellationToken cancellationToken = default)
    {
        GridNames.Require("model", model);
        GridNames.Require("tenant", tenant);
        options = Check(options);
        PredictItemBody[] bodies = [.. items.Select(static i => new PredictItemBody { Entity = i.Entity, Values = ToDictionary(i.Values) })];
        var call = new GridCall(HttpMethod.Post, $"{_root}/tenants/{tenant}/predict-many/{model}", CallSafety.Read)
        {
            Target = $"predictions of model '{model}'",
            Budget = options.Deadline + DeadlineGrace,
            Content = left => JsonBytesContent.From(
                new PredictManyBody
                {
                    Items = bodies,
                    AsOf = WireTime.From(asOf),
                    Version = options.Version,
                    DeadlineMs = DeadlineMs(options.Deadline, left),
                    WithFeatures = options.WithFeatures ? true : null,
                },
                WireContext.Default.PredictManyBody),
        };
        var answer = await _transport.SendAsync(call, WireContext.Default.PredictManyAnswerBody, cancellationToken);
        RequireCount(call, answer.Predictions.Count, items.Count);
        return [.. answer.Predictions.Select(WirePredictions.FromBody)];
    }

    public async ValueTask<IReadOnlyList<EventAnswer>> AppendAsync(
        string tenant,
        IReadOnlyList<GridEvent> events,
        AckMode ack = AckMode.Durable,
        CancellationToken cancellationToken = default)
    {
        GridNames.Require("tenant", tenant);
        var answers = new List<EventAnswer>(events.Count);
        foreach (var chunk in AppendChunks.Make(events, ack, _options))
        {
            var call = new GridCall(HttpMethod.Post, $"{_root}/tenants/{tenant}/events", CallSafety.Idempotent)
            {
                Target = $"events[{answers.Count}..{answers.Count + chunk.Count - 1}] of tenant '{tenant}'",
                Content = _ => JsonBytesContent.From(chunk.Json),
            };
            var answer = await _transport.SendAsync(call, WireContext.Default.AppendAnswerBody, cancellationToken);
            RequireCount(call, answer.Answers.Count, chunk.Count);
            answers.AddRange(answer.Answers.Select(WireEvents.FromBody));
        }

        return answers;
    }

    public async ValueTask<FeatureReading> ReadFeaturesAsync(
        string tenant,
        string view,
        string entity,
        IReadOnlyList<string>? features = null,
        DateTimeOffset? asOf = null,
        CancellationToken cancellationToken = default)
    {
        GridNames.Require("tenant", tenant);
        GridNames.Require("view", view);
        var path = new QueryText($"{_root}/tenants/{tenant}/features/{view}")
            .Add("entity", entity)
            .Add("features", features is null ? null : string.Join(',', features))
            .Add("as_of", WireTime.From(asOf)?.ToString());
        var call = new GridCall(HttpMethod.Get, path.ToString(), CallSafety.Read)
        {
            Target = $"features of view '{view}'",
            Owner = new OwnerKey(tenant, entity),
        };
        return WireFeatures.FromBody(await _transport.SendAsync(call, WireContext.Default.FeatureReadingBody, cancellationToken));
    }

    public async ValueTask<TensorPrediction> InferAsync(
        string model,
        IReadOnlyList<Tensor> inputs,
        string? version = null,
        IReadOnlyList<string>? outputs = null,
        TimeSpan? deadline = null,
        CancellationToken cancellationToken = default)
    {
        GridNames.Require("model", model);
        Check(new PredictOptions { Version = version, Deadline = deadline });
        var call = new GridCall(HttpMethod.Post, $"v2/models/{model}{(version is null ? "" : $"/versions/{version}")}/infer", CallSafety.Read)
        {
            Target = $"model '{model}'",
            WorkspaceHeader = Workspace,
            Budget = deadline + DeadlineGrace,
            Content = left => JsonBytesContent.From(InferJson.Write(inputs, outputs, deadline is null ? null : left)),
        };
        return InferJson.Read(await _transport.SendAsync(call, WireContext.Default.InferAnswerBody, cancellationToken));
    }

    public async ValueTask<IReadOnlyList<OutcomeAnswer>> ReportOutcomeAsync(string tenant, IReadOnlyList<Outcome> outcomes, CancellationToken cancellationToken = default)
    {
        GridNames.Require("tenant", tenant);
        var call = new GridCall(HttpMethod.Post, $"{_root}/tenants/{tenant}/outcomes", CallSafety.Idempotent)
        {
            Target = $"outcomes of tenant '{tenant}'",
            Content = _ => JsonBytesContent.From(new OutcomesBody { Outcomes = [.. outcomes.Select(WireOutcomes.ToBody)] }, WireContext.Default.OutcomesBody),
        };
        var answer = await _transport.SendAsync(call, WireContext.Default.OutcomesAnswerBody, cancellationToken);
        RequireCount(call, answer.Answers.Count, outcomes.Count);
        return [.. answer.Answers.Select(WireOutcomes.FromBody)];
    }

    private static PredictOptions Check(PredictOptions? options)
    {
        options ??= PredictOptions.Default;
        if (options.Version is { } version)
        {
            GridNames.Require("version", version);
        }

        return options.Deadline is { } deadline && (deadline < MinDeadline || deadline > MaxDeadline)
            ? throw GridError.Invalid("deadline", $"is {deadline.TotalMilliseconds} ms, outside 1 ms to 10 min.", "Choose a deadline within.").ToException()
            : options;
    }

    private static int? DeadlineMs(TimeSpan? deadline, TimeSpan left) =>
        deadline is null ? null : (int)Math.Clamp((left - DeadlineGrace).TotalMilliseconds, 1, MaxDeadline.TotalMilliseconds);

    private static Dictionary<string, double>? ToDictionary(RequestValues? values)
    {
        if (values is null || values.Names.Length == 0)
        {
            return null;
        }

        var dictionary = new Dictionary<string, double>(values.Names.Length, StringComparer.Ordinal);
        for (var i = 0; i < values.Names.Length; i++)
        {
            var name = values.Names[i];
            if (!double.IsFinite(values.Values[i]))
            {
                throw GridError.Invalid($"values.{name}", $"is {values.Values[i]}.", "A request value is finite; leave it out where the model has a default.").ToException();
            }

            if (!dictionary.TryAdd(name, values.Values[i]))
            {
                throw GridError.Invalid($"values.{name}", "is given twice.", "Give every request value once.").ToException();
            }
        }

        return dictionary;
    }

    private static void RequireCount(GridCall call, int got, int wanted)
    {
        if (got != wanted)
        {
            throw new GridError(GridErrorCode.Internal, call.Target, $"got {got} answers for {wanted} items.", "Check what stands between SDK and silo.").ToException();
        }
    }
}
