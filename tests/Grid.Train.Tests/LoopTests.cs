using Grid.Abstractions;
using Grid.Client.Http;
using Grid.Primitives;
using Grid.Samples.Flights;
using Grid.Silo.Commands;
using Grid.Silo.Hosting;
using Grid.TestKit;
using Grid.Train.Commands;
using Grid.Train.Data;

namespace Grid.Train.Tests;

/// <summary>Serve, learn the truth, export, train, serve the new version: with nothing in between but files and the public interfaces.</summary>
public sealed class LoopTests : IDisposable, IFlightObserver
{
    private readonly TempFolder _folder = new();
    private long _predictions;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task WhatWasServed_IsExportedWithItsTruth_TrainedOn_AndServed()
    {
        // 1. Serve a few days of flights, with every label as it becomes known.
        var data = FlightData.Load(Path.Combine(Repository.Flights, "data"));
        var flights = data.ReadFlights(Repository.MiniFlights).ToArray();
        var options = new GridSiloOptions
        {
            StateFolder = _folder.Sub("state"),
            HttpAddress = "http://127.0.0.1:0",
            Models = Path.Combine(Repository.Flights, "models"),
            Views = [Path.Combine(Repository.Flights, "views")],
        };
        options.PredictionLog.Share = 1;
        await using var silo = await GridSilo.StartAsync(options, cancellationToken: Cancel);
        var driver = new FlightDriver(silo.Client(), data, new FlightDriverOptions());
        await Task.WhenAll(flights.GroupBy(static flight => flight.Origin).Select(async tenant =>
        {
            using var ledger = FlightLedger.InMemory();
            await driver.RunAsync(tenant.Key, [.. tenant], ledger, this, Cancel);
        }));
        Assert.Equal(flights.Length, _predictions);

        // 2. One file of it, while most predictions are still in the silo's buffer.
        var (from, to) = (flights.Min(static f => f.DepartureMs), flights.Max(static f => f.DepartureMs) + 1);
        var set = _folder.Sub("set.parquet");
        var (code, text, error) = await GridAsync(silo.Address, "dataset", "export", "--model", "flights-late", "--from", $"{from}", "--to", $"{to}", "--out", set);
        Assert.Equal((ExitCodes.Ok, ""), (code, error));
        Assert.Contains($"rows                         {flights.Length}\n", text.ReplaceLineEndings("\n"), StringComparison.Ordinal);

        // 3. It holds the vectors that were answered from, with the labels of their own flights.
        var read = await TrainingSetReader.ReadAsync(set, new TrainingColumns(), Cancel);
        Assert.Equal(flights.Length, read.Count);
        Assert.Equal(24, read.Names.Count);
        Assert.Equal(flights.Count(static f => f.IsLate), read.Rows(..).Labels.ToArray().Count(static label => label == 1));

        // 4. Train on it, and serve what came of it.
        Assert.Equal(TrainCommands.Ok, await TrainAsync("train", "--data", set, "--out", _folder.Sub("v3"), "--rounds", "30", "--threads", "1", "--output-name", "p_late"));
        Assert.Equal(TrainCommands.Ok, await TrainAsync("register", "--server", silo.Address, "--model", "flights-late", "--version-name", "3", "--folder", _folder.Sub("v3"), "--live"));
        using var grid = new HttpGridClient(silo.Address);
        var values = new RequestValues(["local_hour", "dow", "distance", "block_min"], [12, 3, 100, 60]);
        var answer = await grid.PredictAsync("flights-late", flights[0].Origin, flights[0].Destination, values, DateTimeOffset.FromUnixTimeMilliseconds(to), cancellationToken: Cancel);
        Assert.Equal("3", answer.Version);
        Assert.True((await grid.Predictions.ReplayAsync(answer.Id, Cancel)).IsEqual);

        // 5. A trained version asks to be logged, and the file is kept under its digest.
        Assert.Contains("log_share: 1", await File.ReadAllTextAsync(Path.Combine(_folder.Sub("v3"), "model.yaml"), Cancel), StringComparison.Ordinal);
        await using var file = File.OpenRead(set);
        var digest = (await Digest.OfAsync(file, Cancel)).ToString();
        await silo.Client().Datasets.DownloadAsync(digest, _folder.Sub("again.parquet"), Cancel);
        Assert.Equal(file.Length, new FileInfo(_folder.Sub("again.parquet")).Length);
        await using var model = File.OpenRead(Path.Combine(_folder.Sub("v3"), "model.onnx"));
        var none = (await Digest.OfAsync(model, Cancel)).ToString();
        Assert.Equal(GridErrorCode.NotFound, (await Assert.ThrowsAsync<GridException>(async () => await grid.Datasets.DownloadAsync(none, _folder.Sub("model"), Cancel))).Code);
        using var elsewhere = new HttpGridClient(silo.Address, "elsewhere");
        Assert.Equal(GridErrorCode.NotFound, (await Assert.ThrowsAsync<GridException>(async () => await elsewhere.Datasets.DownloadAsync(digest, _folder.Sub("stolen"), Cancel))).Code);
    }

    void IFlightObserver.OnEvents(int count, bool resumed)
    {
    }

    void IFlightObserver.OnPrediction(Flight flight, Prediction prediction, TimeSpan elapsed) => Interlocked.Increment(ref _predictions);

    void IFlightObserver.OnOutcome(Flight flight, float probability)
    {
    }

    private static async Task<(int Code, string Out, string Error)> GridAsync(string server, params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var commands = GridCommands.Create(
            static (_, _) => throw new InvalidOperationException("No test serves."),
            static (_, _) => throw new InvalidOperationException("No test runs the demo."),
            new CommandOutput(output, error, isTerminal: false),
            ClientLease.Connect);
        var code = await commands.InvokeAsync([.. arguments, "--server", server], Cancel);
        return (code, output.ToString(), error.ToString());
    }

    private static async Task<int> TrainAsync(params string[] arguments)
    {
        using var output = new StringWriter();
        using var error = new StringWriter();
        var code = await TrainCommands.InvokeAsync(arguments, output, error, Cancel);
        Assert.Equal("", error.ToString());
        return code;
    }
}
