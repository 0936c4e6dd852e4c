using Grid.Inference.Repository;
using Grid.Samples.Flights;
using Grid.TestKit;
using Grid.Train.Boosting;
using Grid.Train.Data;
using Grid.Train.Packages;

namespace Grid.Train.Tests.Support;

/// <summary>Training sets of the tests.</summary>
internal static class TrainingFiles
{
    /// <summary>Rows with a known rule: y is likely 1 where a is large or b is missing; c is noise.</summary>
    public static async Task WriteSyntheticAsync(string path, int seed, int rows = 3000)
    {
        var random = new Random(seed);
        var a = new float[rows];
        var b = new double?[rows];
        var c = new int[rows];
        var label = new float[rows];
        var amount = new float[rows];
        var times = new long[rows];
        for (var i = 0; i < rows; i++)
        {
            a[i] = (float)random.NextDouble();
            b[i] = random.Next(5) == 0 ? null : (random.NextDouble() * 4) - 2;
            c[i] = random.Next(-1000, 1000);
            var p = (a[i] > 0.7f ? 0.6 : 0.1) + (b[i] is null ? 0.3 : b[i] > 1 ? 0.2 : 0);
            label[i] = random.NextDouble() < p ? 1 : 0;
            amount[i] = (float)((100 * a[i]) + (10 * (b[i] ?? -3)) + random.NextDouble());
            times[i] = 1_000_000_000_000 + (i / 3 * 60_000L);
        }

        await new ParquetTable().Floats("a", a).Optional("views.b", b).Numbers("c", c).Floats("label", label).Floats("amount", amount).Times("time", times)
            .WriteAsync(path, ..(rows / 2), (rows / 2)..);
    }

    /// <summary>The golden flights as a training set under the names of the sample's manifest.</summary>
    public static async Task WriteFlightsAsync(string path)
    {
        var flights = FlightData.Load(Path.Combine(Repository.Flights, "data")).ReadFlights(Repository.MiniFlights).ToDictionary(static f => f.Id);
        var rows = GoldenRows.Load(Repository.MiniGolden).Values.OrderBy(static r => r.Id).ToArray();
        var package = await ModelPackage.FromFolderAsync(Path.Combine(Repository.Flights, "models", "flights-late", "1"));
        var columns = (await package.ReadManifestAsync())!.Inputs[0].Columns;
        var table = new ParquetTable();
        for (var column = 0; column < columns.Length; column++)
        {
            table.Floats(columns[column].ToString(), [.. rows.Select(r => r.Features[column])]);
        }

        await table.Floats("label", [.. rows.Select(r => flights[r.Id].IsLate ? 1f : 0f)]).Times("time", [.. rows.Select(r => flights[r.Id].DepartureMs)]).WriteAsync(path);
    }

    /// <summary>The trainer's own predictions with the same options, and the rows they are for.</summary>
    public static async Task<(TrainingSet Set, double[] Predictions)> TrainerAsync(TrainingRequest request)
    {
        var set = await TrainingSetReader.ReadAsync(request.Data, request.Columns, CancellationToken.None);
        var split = set.SplitAt(request.ValidationShare);
        using var booster = TrainedBooster.Train(set.Rows(..split), set.Rows(split..), request.Boosting, CancellationToken.None);
        return (set, booster.Predict(set.Rows(..)));
    }
}
