using System.Diagnostics;
using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Sources;
using Grid.Primitives;

namespace Grid.Samples.Flights;

/// <summary>
/// The application: one tenant's flights in their order, each predicted just before it departs, with every label that is known by then.
/// Start it again after a crash of anything and it goes on where the grid is.
/// </summary>
public sealed class FlightDriver(IGridClient grid, FlightData data, FlightDriverOptions options)
{
    /// <summary>Events that gather where nothing is asked in between.</summary>
    private const int MaxPending = 500;

    private static readonly string[] ValueNames = ["local_hour", "dow", "distance", "block_min"];

    /// <summary>Runs one tenant to its end; when it returns, everything is durable.</summary>
    public async Task RunAsync(string tenant, IReadOnlyList<Flight> flights, FlightLedger ledger, IFlightObserver observer, CancellationToken cancellationToken)
    {
        var writer = new SourcePartitionWriter(grid.Sources, new SourcePartition(tenant, 0, options.Feed, tenant, options.ReaderEpoch), options.Writer);
        var resumeAfter = await writer.OpenAsync(cancellationToken);
        var outcomes = new OutcomeReporter(grid, tenant, options);
        var batch = new EventBatchBuilder();
        var pending = 0;
        long last = -1;
        foreach (var step in FlightSteps.Of(flights))
        {
            // 1. Labels known by now.
            for (var i = 0; i < step.Arrivals.Count; i++)
            {
                var (index, landed) = step.Arrivals[i];
                observer.OnOutcome(landed, ledger.Scores[index].Probability);
                await outcomes.AddAsync(landed, ledger.Scores[index], isNew: step.FirstArrivalPosition + i > resumeAfter, cancellationToken);
                Add(step.FirstArrivalPosition + i, () => AddArrival(batch, step.Arrivals[i].Flight, step.FirstArrivalPosition + i));
            }

            if (step.Flight is not { } flight)
            {
                break;
            }

            if (options.Pace is { } pace && !pace.IsOpen(flight))
            {
                await SendAsync();
                await outcomes.FlushAsync(cancellationToken);
                await pace.WaitAsync(flight, cancellationToken);
            }

            // 2. The prediction, with everything before it applied.
            if (ledger.Scores.Count <= step.Index)
            {
                if (options.Versions(flight).Count > 0 || pending >= MaxPending)
                {
                    await SendAsync();
                }

                await PredictAsync(tenant, flight, ledger, observer, cancellationToken);
            }

            // 3. The departure goes out with what follows it.
            Add(step.DeparturePosition, () => AddDeparture(batch, flight, step.DeparturePosition));
        }

        await SendAsync();
        await outcomes.FlushAsync(cancellationToken);
        await writer.FlushAsync(cancellationToken);

        void Add(long position, Action write)
        {
            if (position <= resumeAfter)
            {
                observer.OnEvents(1, resumed: true);
                return;
            }

            write();
            pending++;
            last = position;
        }

        async ValueTask SendAsync()
        {
            if (pending == 0)
            {
                return;
            }

            await writer.WriteAsync(batch.Build(), last, cancellationToken);
            observer.OnEvents(pending, resumed: false);
            pending = 0;
        }
    }

    private async ValueTask PredictAsync(string tenant, Flight flight, FlightLedger ledger, IFlightObserver observer, CancellationToken cancellationToken)
    {
        var versions = options.Versions(flight);
        if (versions.Count == 0)
        {
            ledger.Append(FlightScore.NotAsked(flight.Id));
            return;
        }

        var (hour, day) = data.LocalClock(flight.Origin, flight.DepartureMs);
        var values = new RequestValues(ValueNames, [hour, day, flight.Route.DistanceMi, flight.Route.BlockMin]);
        var asOf = DateTimeOffset.FromUnixTimeMilliseconds(flight.DepartureMs);
        var first = "";
        for (var i = 0; i < versions.Count; i++)
        {
            if (versions[i] == first)
            {
                continue;
            }

            var wanted = new PredictOptions { Version = versions[i], WithFeatures = options.WithFeatures(flight) };
            var start = Stopwatch.GetTimestamp();
            var prediction = await grid.PredictAsync(options.Model, tenant, flight.Destination, values, asOf, wanted, cancellationToken);
            observer.OnPrediction(flight, prediction, Stopwatch.GetElapsedTime(start));
            if (i == 0)
            {
                first = prediction.Version;
                ledger.Append(new FlightScore(flight.Id, prediction["p_late"], prediction.Id));
            }
        }
    }

    private static void AddArrival(EventBatchBuilder batch, Flight flight, long position) =>
        batch.Begin("arrival").Time(flight.ArrivalMs).Position(position)
            .Field("dest", flight.Destination).Field("delay_min", flight.DelayMin).End();

    private static void AddDeparture(EventBatchBuilder batch, Flight flight, long position) =>
        batch.Begin("departure").Time(flight.DepartureMs).Position(position).Field("dest", flight.Destination).End();
}
