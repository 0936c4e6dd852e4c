using Grid.Client.Sources;

namespace Grid.Samples.Flights;

/// <summary>How a <see cref="FlightDriver"/> drives.</summary>
public sealed record FlightDriverOptions
{
    private static readonly string?[] Rollout = [null];

    public string Model { get; init; } = "flights-late";

    public string Feed { get; init; } = "flights";

    /// <summary>Rises with every run, so that a run that was thought dead cannot go on delivering.</summary>
    public long ReaderEpoch { get; init; } = 1;

    /// <summary>
    /// Versions to ask for a flight, none for no prediction; null is what the rollout says. The first one's answer goes into the ledger, and whoever gave it is not
    /// asked again by name. Default the rollout's, for all.
    /// </summary>
    public Func<Flight, IReadOnlyList<string?>> Versions { get; init; } = static _ => Rollout;

    /// <summary>Flights whose vector is asked for too. Default none.</summary>
    public Func<Flight, bool> WithFeatures { get; init; } = static _ => false;

    /// <summary>Who holds a flight back. Default nobody.</summary>
    public IFlightPace? Pace { get; init; }

    /// <summary>How the tenant's partition is written.</summary>
    public SourceWriterOptions Writer { get; init; } = SourceWriterOptions.Default;

    /// <summary>Report labels as outcomes as they arrive. Default true.</summary>
    public bool ReportOutcomes { get; init; } = true;
}
