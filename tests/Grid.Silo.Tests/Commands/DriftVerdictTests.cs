using Grid.Abstractions;
using Grid.Samples.Flights;
using Grid.Silo.Demo.Drift;

namespace Grid.Silo.Tests.Commands;

/// <summary>What the demo of the loop must not call OK.</summary>
public sealed class DriftVerdictTests
{
    private static readonly FlightFigures s_figures = FlightFigures.Load(Path.Combine(FlightData.DefaultFolder, "data"));
    private static readonly DateTimeOffset s_storm = new(2001, 2, 12, 0, 0, 0, TimeSpan.Zero);

    [Fact]
    public void ALoopThatDidAllOfIt_IsOk() => Assert.Empty(DriftVerdict.Of(Whole(), s_figures));

    [Theory]
    [InlineData("no drift", "No signal")]
    [InlineData("early drift", "not in the storm weeks")]
    [InlineData("late drift", "not in the storm weeks")]
    [InlineData("early request", "before the storms")]
    [InlineData("untrained", "No version was trained")]
    [InlineData("not promoted", "No version was promoted")]
    [InlineData("bad one kept", "was not rejected")]
    [InlineData("other AUC", "the trainer has")]
    [InlineData("other PSI", "a PSI of")]
    public void WhatIsMissingOrWrong_IsNamed(string fault, string said)
    {
        var result = Whole();
        switch (fault)
        {
            case "no drift":
                result.Drift = null;
                break;
            case "early drift":
                result.Drift = Signal(s_storm.AddDays(-7));
                break;
            case "late drift":
                result.Drift = Signal(s_storm.AddDays(21));
                break;
            case "early request":
                result.Request = Signal(s_storm.AddDays(-8));
                break;
            case "untrained":
                result.Trained = null;
                break;
            case "not promoted":
                result.Promoted = null;
                break;
            case "bad one kept":
                result.Rejected = null;
                break;
            case "other AUC":
                result.Weeks[0] = result.Weeks[0] with { Old = result.Weeks[0].Old with { Auc = result.Weeks[0].Old.Auc + 0.001 } };
                break;
            case "other PSI":
                result.Psi[(DriftRun.First, s_storm)] += 0.02;
                break;
        }

        Assert.Contains(said, Assert.Single(DriftVerdict.Of(result, s_figures)), StringComparison.Ordinal);
    }

    [Fact]
    public void AFlightThatAVersionWasAskedAboutTwice_CountsOnce_AndVersionsApart()
    {
        var board = new DriftBoard();
        var flight = new Flight(7, s_storm.ToUnixTimeMilliseconds(), "ATL", "ORD", 20, new Route(606, 100));
        foreach (var version in (string[])["1", "1", "2"])
        {
            board.OnPrediction(flight, new Prediction { Version = version, Layout = new OutputLayout(["p_late"], [1]), Values = [0.3f] }, TimeSpan.Zero);
        }

        Assert.Equal(3, board.Predictions);
        Assert.Equal([(0.3f, true)], board.Of("1", flight.DepartureMs, flight.DepartureMs + 1));
        Assert.Single(board.Of("2", flight.DepartureMs, flight.DepartureMs + 1));
        Assert.Empty(board.Of("1", flight.DepartureMs + 1, long.MaxValue));
    }

    private static DriftResult Whole()
    {
        var expected = s_figures.OfWeek("2001-02-12")!.Value;
        var result = new DriftResult
        {
            Drift = Signal(s_storm),
            Request = Signal(s_storm.AddDays(14)),
            Trained = new VersionInfo("default", DriftRun.Model, "2", "", default, [], [], [], null, 0, []),
            Promoted = "within every guard",
            Rejected = "performance",
        };
        result.Weeks.Add(new DriftWeek(s_storm, new BinaryScores(expected.Rows, 0.2, expected.Auc, expected.LogLoss, 0.2), null));
        result.Psi[(DriftRun.First, s_storm)] = expected.Psi;
        return result;
    }

    private static SignalInfo Signal(DateTimeOffset at) => new() { FromMs = at.ToUnixTimeMilliseconds(), OpenedMs = at.AddDays(7).ToUnixTimeMilliseconds() };
}
