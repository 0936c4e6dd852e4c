using Grid.Abstractions;
using Grid.Client.Http;
using Grid.Monitoring.Retraining;
using Grid.Samples.Flights;
using Grid.Silo.Hosting;
using Grid.TestKit;
using Grid.Train.Boosting;
using Grid.Train.Commands;
using Grid.Train.Listening;
using Grid.Train.Packages;

namespace Grid.Train.Tests;

/// <summary>A request to train becomes one version on trial, whatever happens on the way.</summary>
public sealed class ListenTests : IDisposable, IFlightObserver
{
    private const string Model = "flights-late";
    private const string Live = "2";

    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task CrashedAfterEachStep_AndStartedAgain_TheHandoverGoesOn_AndMakesOneVersion()
    {
        await using var silo = await StartAsync();
        using var grid = new HttpGridClient(silo.Address);
        var request = await RequestAsync(silo, grid);

        // 1. It dies after each step in turn, and one of the times its folder is lost too.
        var trainings = 0;
        foreach (var step in (HandoverStep[])[HandoverStep.Exported, HandoverStep.Downloaded, HandoverStep.Trained, HandoverStep.Registered])
        {
            await Assert.ThrowsAsync<CrashException>(() => new Handover(grid, Options(at => at == step ? throw new CrashException() : ValueTask.CompletedTask)).RunAsync(request, Cancel));
            if (step == HandoverStep.Downloaded)
            {
                Directory.Delete(_folder.Sub("work"), recursive: true);
            }
        }

        var version = (await new Handover(grid, Options(static _ => ValueTask.CompletedTask)).RunAsync(request, Cancel))!;
        Assert.Equal((1, VersionState.Shadow, Handover.VersionOf(request)), (trainings, version.State, version.Version));

        // 2. One version came of it, which says where it is from.
        var model = await grid.Models.GetAsync(Model, Cancel);
        Assert.Equal(["1", Live, version.Version], model.Versions.Order(StringComparer.Ordinal));
        Assert.Equal((Live, request.Id), (version.Lineage!.Parent, version.Lineage.Signal));
        Assert.InRange(version.Lineage.Metrics!["auc"], 0.55, 1); // Better than chance; how much depends on which rows are held out.
        Assert.Contains("error_rate: 0.25", version.Manifest, StringComparison.Ordinal);
        await grid.Datasets.DownloadAsync(version.Lineage.DataSet!, _folder.Sub("again.parquet"), Cancel);

        // 3. Once done it is done, also from a machine that knows nothing of it, and after the trial has ended.
        Assert.False(Directory.Exists(Path.Combine(_folder.Sub("work"), "default", Model, version.Version)));
        Assert.Equal(TrainCommands.Ok, (await ListenAsync(silo)).Code);
        await grid.Models.SetShadowAsync(Model, version.Version, isShadow: false, Cancel);
        Assert.Equal((TrainCommands.Ok, "", ""), await ListenAsync(silo));
        Assert.Equal(3, (await grid.Models.GetAsync(Model, Cancel)).Versions.Length);
        Assert.Equal(1, trainings);

        HandoverOptions Options(Func<HandoverStep, ValueTask> reached) => new()
        {
            Folder = _folder.Sub("work"),
            Training = new TrainingRequest
            {
                Data = "",
                Folder = "",
                OutputName = "p_late",
                ManifestLines = "guards:\n  error_rate: 0.25\n",
                Boosting = new BoostingOptions { Rounds = 20, Threads = 1 },
            },
            Trained = _ =>
            {
                trainings++;
                return Task.CompletedTask;
            },
            Reached = reached,
        };
    }

    private async Task<(int Code, string Out, string Error)> ListenAsync(GridSilo silo)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] arguments = ["listen", "--once", "--server", silo.Address, "--model", Model, "--work", _folder.Sub("elsewhere"), "--rounds", "20"];
        return (await TrainCommands.InvokeAsync(arguments, output, error, Cancel), output.ToString(), error.ToString());
    }

    private Task<GridSilo> StartAsync()
    {
        var options = new GridSiloOptions
        {
            StateFolder = _folder.Sub("state"),
            HttpAddress = "http://127.0.0.1:0",
            Models = Path.Combine(Repository.Flights, "models"),
            Views = [Path.Combine(Repository.Flights, "views")],
        };
        options.PredictionLog.Share = 1;
        options.Monitoring.Period = TimeSpan.FromMilliseconds(200);
        options.Monitoring.RecentPredictions = 65_536;
        options.Monitoring.Retraining = new RetrainOptions { MinimumRows = 200 };
        return GridSilo.StartAsync(options, cancellationToken: Cancel);
    }

    /// <summary>Serves some days of flights with their labels, and asks for a training by hand once they are measured.</summary>
    private async Task<SignalInfo> RequestAsync(GridSilo silo, HttpGridClient grid)
    {
        var data = FlightData.Load(Path.Combine(Repository.Flights, "data"));
        var driver = new FlightDriver(silo.Client(), data, new FlightDriverOptions());
        await Task.WhenAll(data.ReadFlights(Repository.MiniFlights).GroupBy(static flight => flight.Origin).Select(async tenant =>
        {
            using var ledger = FlightLedger.InMemory();
            await driver.RunAsync(tenant.Key, [.. tenant], ledger, this, Cancel);
        }));

        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(TimeSpan.FromMinutes(3));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(200));
        while (!(await grid.Signals.RetrainAsync(Model, "test", limit.Token)).Start)
        {
            await timer.WaitForNextTickAsync(limit.Token);
        }

        return (await grid.Signals.ListAsync(Model, cancellationToken: limit.Token)).Single(static signal => signal.Type == "retrain");
    }

    void IFlightObserver.OnEvents(int count, bool resumed)
    {
    }

    void IFlightObserver.OnPrediction(Flight flight, Prediction prediction, TimeSpan elapsed)
    {
    }

    void IFlightObserver.OnOutcome(Flight flight, float probability)
    {
    }

    private sealed class CrashException : Exception;
}
