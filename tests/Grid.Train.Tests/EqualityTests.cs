using Grid.TestKit;
using Grid.Train.Boosting;
using Grid.Train.Data;
using Grid.Train.Packages;
using Grid.Train.Tests.Support;

namespace Grid.Train.Tests;

/// <summary>What is served equals what the trainer predicts, on every row it learned from.</summary>
public sealed class EqualityTests : IDisposable
{
    private readonly TempFolder _folder = new();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _folder.Dispose();

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task BinaryWithMissingValues_ServedEqualsTheTrainer(int seed)
    {
        await TrainingFiles.WriteSyntheticAsync(_folder.Sub("set.parquet"), seed);
        var request = Request("set.parquet") with { Columns = new TrainingColumns { Ignored = ["amount"] } };
        var result = await PackageTrainer.TrainAsync(request, Cancel);

        await AssertEqualAsync(request, result);
        Assert.True(result.Card.Data.HasMissing);
        Assert.InRange(result.Card.Validation!.Binary!.Auc!.Value, 0.65, 0.95);
        Assert.InRange(result.Card.Importance["c"], 0, 0.4);
    }

    [Fact]
    public async Task RegressionWithMissingValues_ServedEqualsTheTrainer()
    {
        await TrainingFiles.WriteSyntheticAsync(_folder.Sub("set.parquet"), seed: 3);
        var request = Request("set.parquet") with
        {
            Columns = new TrainingColumns { Label = "amount", Ignored = ["label"] },
            Boosting = new BoostingOptions { Objective = Objective.Regression, Rounds = 60, Threads = 1 },
        };
        var result = await PackageTrainer.TrainAsync(request, Cancel);

        await AssertEqualAsync(request, result);
        Assert.InRange(result.Card.Validation!.Regression!.Rmse, 0, 6);
    }

    [Fact]
    public async Task Flights_ServedEqualsTheTrainer_AndPredictsLaterFlights()
    {
        await TrainingFiles.WriteFlightsAsync(_folder.Sub("flights.parquet"));
        var request = Request("flights.parquet") with { OutputName = "p_late" };
        var result = await PackageTrainer.TrainAsync(request, Cancel);

        await AssertEqualAsync(request, result);
        Assert.Equal(24, result.Card.Data.Features.Length);
        Assert.True(result.Card.Validation!.Binary!.Auc > 0.6, $"AUC {result.Card.Validation.Binary.Auc}");
        Assert.True(string.CompareOrdinal(result.Card.Data.TrainingPeriodUtc![1], result.Card.Data.ValidationPeriodUtc![0]) < 0);
    }

    [Fact]
    public async Task NoSplitGains_OneLeafIsServed()
    {
        var labels = Enumerable.Range(0, 200).Select(static i => (float)(i % 2)).ToArray();
        await new ParquetTable().Floats("same", new float[200]).Floats("label", labels).WriteAsync(_folder.Sub("set.parquet"));
        var request = Request("set.parquet");
        var result = await PackageTrainer.TrainAsync(request, Cancel);

        await AssertEqualAsync(request, result);
        Assert.Equal(0.5, (await Served.PredictAsync(result.Folder, (await TrainingFiles.TrainerAsync(request)).Set))[0], 5);
    }

    private static async Task AssertEqualAsync(TrainingRequest request, TrainingResult result)
    {
        var (set, expected) = await TrainingFiles.TrainerAsync(request);
        var served = await Served.PredictAsync(result.Folder, set);
        Assert.True(expected.Length >= 200);
        for (var row = 0; row < expected.Length; row++)
        {
            var allowed = PackageTrainer.Tolerance * Math.Max(1, Math.Abs(expected[row]));
            Assert.True(Math.Abs(expected[row] - served[row]) <= allowed, $"row {row}: served {served[row]:R}, trainer {expected[row]:R}");
        }
    }

    private TrainingRequest Request(string file) => new()
    {
        Data = _folder.Sub(file),
        Folder = _folder.Sub("out"),
        Boosting = new BoostingOptions { Rounds = 60, Threads = 1 },
    };
}
