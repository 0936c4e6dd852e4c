using Grid.Samples.Flights;

namespace Grid.Silo.Demo;

/// <summary>Compares what the grid answered with what the trainer computed.</summary>
internal sealed record DemoSummary(IReadOnlyList<DemoFigure> Figures)
{
    /// <summary>Trainer and grid round differently; a wrong feature moves these figures by far more.</summary>
    private const double Tolerance = 1e-4;

    private static readonly string[] Months = ["2001-01", "2001-02"];

    public bool IsOk => Figures.All(figure => figure.IsOk);

    public static DemoSummary Of(DemoPlan plan, string version, IReadOnlyDictionary<string, IReadOnlyList<FlightScore>> scores)
    {
        var figures = new List<DemoFigure>();
        foreach (var month in Months)
        {
            var expected = plan.Figures.Of(month, version);
            var actual = plan.Score(month, scores);
            figures.Add(new DemoFigure(month, "rows", expected.Rows, actual.Rows, 0));
            figures.Add(new DemoFigure(month, "AUC", expected.Auc, actual.Auc, Tolerance));
            figures.Add(new DemoFigure(month, "log loss", expected.LogLoss, actual.LogLoss, Tolerance));
            figures.Add(new DemoFigure(month, "mean p", expected.MeanP, actual.MeanP, Tolerance));
        }

        return new DemoSummary(figures);
    }
}
