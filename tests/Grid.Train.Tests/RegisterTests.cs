using Grid.Client.Http;
using Grid.Client;
using Grid.Primitives;
using Grid.Silo.Hosting;
using Grid.TestKit;
using Grid.Train.Boosting;
using Grid.Train.Commands;
using Grid.Train.Packages;
using Grid.Train.Tests.Support;

namespace Grid.Train.Tests;

/// <summary>A version that was trained here answers in a silo as the trainer does.</summary>
public sealed class RegisterTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Fact]
    public async Task TrainedVersion_RegisteredAndServed_AnswersAsTheTrainer()
    {
        await TrainingFiles.WriteFlightsAsync(_folder.Sub("flights.parquet"));
        var request = new TrainingRequest
        {
            Data = _folder.Sub("flights.parquet"),
            Folder = _folder.Sub("out"),
            OutputName = "p_late",
            Boosting = new BoostingOptions { Rounds = 40, Threads = 1 },
        };
        await PackageTrainer.TrainAsync(request, Cancel);
        var (set, expected) = await TrainingFiles.TrainerAsync(request);

        await using var silo = await GridSilo.StartAsync(
            new GridSiloOptions { StateFolder = _folder.Sub("state"), HttpAddress = "http://127.0.0.1:0", Views = [Path.Combine(Repository.Flights, "views")] }, cancellationToken: Cancel);
        using var output = new StringWriter();
        using var error = new StringWriter();
        string[] register = ["register", "--server", silo.Address, "--model", "late", "--version-name", "7", "--folder", _folder.Sub("out"), "--live"];
        Assert.Equal(TrainCommands.Ok, await TrainCommands.InvokeAsync(register, output, error, Cancel));
        Assert.Contains("late 7: Live, sha256:", output.ToString(), StringComparison.Ordinal);

        using var grid = new HttpGridClient(silo.Address);
        var version = await grid.Models.GetVersionAsync("late", "7", Cancel);
        Assert.Equal(["baseline.json", "card.json", "lineage.json", "model.onnx", "model.yaml"], version.Files.Select(static f => f.Name));

        // By tensor: the rows themselves.
        const int Rows = 64;
        var answer = await grid.InferAsync("late", [Tensor.Create<float>("features", TensorElementType.FP32, [Rows, 24], set.Rows(..Rows).Features)], cancellationToken: Cancel);
        var served = answer.Outputs[0].AsSpan<float>();
        for (var row = 0; row < Rows; row++)
        {
            Assert.Equal(expected[row], served[row], 1e-5);
        }

        // By entity: the grid's own vector for an airport without history.
        var values = new Dictionary<string, double> { ["local_hour"] = 8, ["dow"] = 2, ["distance"] = 400, ["block_min"] = 88 };
        var prediction = await grid.PredictAsync("late", "t", "BOS", values, DateTimeOffset.UnixEpoch.AddYears(31), new PredictOptions { WithFeatures = true }, Cancel);
        Assert.Equal("7", prediction.Version);
        Assert.Equal(24, prediction.Features!.Length);
        Assert.InRange(prediction["p_late"], 0, 1);
    }
}
