using System.Diagnostics.Metrics;
using Grid.Grains.Ingestion;
using Grid.Grains.Predictions;
using Grid.Silo.Hosting;
using Grid.Silo.Metrics;
using Grid.Streams.Kafka;
using Grid.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.Deployment.Tests.Support;

/// <summary>A real silo in this process, and every metric that its instruments can emit.</summary>
public sealed class RunningSilo : IAsyncLifetime
{
    private readonly TempFolder _state = new();
    private readonly MeterListener _listener = new();
    private readonly HashSet<string> _metrics = [];
    private GridSilo? _silo;

    public HttpClient Http { get; } = new();

    internal GridSilo Silo => _silo!;

    /// <summary>Series that were emitted, or will be once something is measured.</summary>
    public IReadOnlySet<string> Metrics => _metrics;

    public string Scrape { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        _listener.InstrumentPublished = (instrument, _) => Add(instrument);
        _listener.Start();
        _silo = await GridSilo.StartAsync(new GridSiloOptions
        {
            StateFolder = _state.Sub("state"),
            HttpAddress = "http://127.0.0.1:0",
            Models = Path.Combine(Repository.Flights, "models"),
            Views = [Path.Combine(Repository.Flights, "views")],

            // Nobody is there: its instruments are, and what it cannot take is counted.
            PredictionLog = new SiloPredictionLogOptions { Topic = new PredictionTopicOptions { Name = "predictions", Connection = new KafkaConnectionOptions { BootstrapServers = "127.0.0.1:9" } } },
        });

        // Made with the first source.
        _silo.Services.GetRequiredService<KafkaInstruments>();
        _silo.Services.GetRequiredService<IngestInstruments>();
        Http.BaseAddress = new Uri(_silo.Address);
        await Http.GetStringAsync(new Uri("/healthz/ready", UriKind.Relative));
        Scrape = await Http.GetStringAsync(new Uri("/metrics", UriKind.Relative));
        foreach (var line in Scrape.Split('\n', StringSplitOptions.RemoveEmptyEntries).Where(static line => line[0] != '#'))
        {
            _metrics.Add(line[..line.IndexOfAny(['{', ' '])]);
        }
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        _listener.Dispose();
        if (_silo is not null)
        {
            await _silo.DisposeAsync();
        }

        _state.Dispose();
    }

    private void Add(Instrument instrument)
    {
        if (!MeterSelection.Default.Any(selection => selection.Covers(instrument)))
        {
            return;
        }

        var kind = BridgedInstrument.KindOf(instrument);
        var name = MetricName.Of(instrument.Name, MetricUnit.Parse(instrument.Unit).Suffix, kind is MetricKind.Counter or MetricKind.ObservedCounter);
        lock (_metrics)
        {
            _metrics.UnionWith(kind == MetricKind.Histogram ? [$"{name}_bucket", $"{name}_sum", $"{name}_count"] : [name]);
        }
    }
}
