using System.Globalization;
using System.Text;
using Grid.Monitoring.Baselines;
using Grid.Monitoring.Sketches;
using Grid.Monitoring.Tests.Windows;
using Grid.Primitives;
using Parquet;
using Parquet.Schema;

namespace Grid.Monitoring.Tests.Baselines;

public sealed class BaselineTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("grid-baseline").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public void FlightsBaseline_IsRead_WithItsRuleAndItsPrediction()
    {
        var baseline = FlightWeeks.Baseline;
        Assert.Equal((24, 1, 197_416), (baseline.Features.Length, baseline.Outputs.Length, baseline.Rows));
        Assert.All(baseline.Columns, static c => Assert.Equal((BinRule.RightClosed, 197_416L), (c.Bins.Rule, c.Counts.Sum())));
        var again = Baseline.Parse(baseline.ToJson());
        Assert.Equal(baseline.Layout().Fingerprint, again.Layout().Fingerprint);
    }

    [Fact]
    public void EveryMistake_IsNamed()
    {
        var e = Assert.Throws<GridException>(static () => Baseline.Parse("""
            {"bin_rule": "sideways", "features": {"a": {"edges": [2, 1], "counts": [1, 1, 1]}, "b": {"edges": [1], "counts": [1]}, "c": {"edges": [], "counts": [1], "mean": "x"}}}
            """u8.ToArray()));
        Assert.Equal(["baseline.bin_rule", "baseline.features.a.edges", "baseline.features.b.counts", "baseline.features.c.mean"], e.Errors.Select(static x => x.Target));
        Assert.Throws<GridException>(static () => Baseline.Parse("{"u8.ToArray()));
    }

    [Fact]
    public async Task CsvAndParquet_GiveTheSameBaseline()
    {
        var random = new Random(3);
        var rows = Enumerable.Range(0, 3000).Select(i => (X: i % 50 == 0 ? (double?)null : random.Next(1000) / 8.0, Kind: i % 3 == 0 ? "red" : "blue", P: random.Next(256) / 256f, Y: random.Next(2), Shop: $"s{i % 4}")).ToArray();
        var csv = Path.Combine(_folder, "rows.csv");
        await File.WriteAllLinesAsync(csv, rows.Select(static r => string.Create(CultureInfo.InvariantCulture, $"{r.X},\"{r.Kind}\",{r.P},{r.Y},{r.Shop}")).Prepend("x,kind,p,y,shop"));
        var parquet = Path.Combine(_folder, "rows.parquet");
        DataField[] fields = [new DataField<double?>("x"), new DataField<string>("kind"), new DataField<float>("p"), new DataField<int>("y"), new DataField<string>("shop")];
        await using (var file = File.Create(parquet))
        {
            await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(fields), file);
            using var group = writer.CreateRowGroup();
            await group.WriteAsync<double>(fields[0], rows.Select(static r => r.X).ToArray().AsMemory());
            await group.WriteAsync(fields[1], rows.Select(static r => r.Kind).ToArray());
            await group.WriteAsync<float>(fields[2], rows.Select(static r => r.P).ToArray().AsMemory());
            await group.WriteAsync<int>(fields[3], rows.Select(static r => r.Y).ToArray().AsMemory());
            await group.WriteAsync(fields[4], rows.Select(static r => r.Shop).ToArray());
        }

        var request = new BaselineRequest { Outputs = ["p"], Label = "y", Group = "shop", Categories = ["kind"] };
        var token = TestContext.Current.CancellationToken;
        var fromCsv = await BaselineBuilder.BuildAsync(CsvRows.Open(csv), request, token);
        var fromParquet = await BaselineBuilder.BuildAsync(await ParquetRows.OpenAsync(parquet, token), request, token);
        Assert.Equal(Encoding.UTF8.GetString(fromCsv.ToJson()), Encoding.UTF8.GetString(fromParquet.ToJson()));

        var x = fromCsv.Features.Single(static f => f.Name == "x");
        Assert.Equal((60, 2940, 9), (x.Nulls, x.Count, x.Bins.Edges.Length));
        Assert.All(x.Counts, static c => Assert.InRange(c, 250, 340));
        var kind = fromCsv.Features.Single(static f => f.Name == "kind");
        Assert.Equal([1000L, 2000, 0], kind.Counts.Take(2).Order().Append(kind.Counts[2]));
        Assert.Equal(["blue", "red"], kind.Categories.Order(StringComparer.Ordinal));
        Assert.Equal(rows.Average(static r => r.Y), fromCsv.LabelRate!.Value, 1e-9);
        Assert.InRange(fromCsv.Performance!.Auc!.Value, 0.45, 0.55);
        Assert.NotNull(fromCsv.Calibration);
        Assert.Equal(fromCsv.Layout().Fingerprint, Baseline.Parse(fromCsv.ToJson()).Layout().Fingerprint);
    }

    [Fact]
    public async Task ATextAmongNumbers_NamesRowAndColumn()
    {
        var csv = Path.Combine(_folder, "bad.csv");
        await File.WriteAllTextAsync(csv, "a,b\n1,2\n3,x\n", TestContext.Current.CancellationToken);
        var e = await Assert.ThrowsAsync<GridException>(() => BaselineBuilder.BuildAsync(CsvRows.Open(csv), new BaselineRequest(), TestContext.Current.CancellationToken));
        Assert.Contains("row 3, column 'b'", e.Message, StringComparison.Ordinal);
    }
}
