namespace Grid.Samples.Flights;

/// <summary>One answer of the grid, as the application keeps it.</summary>
public readonly record struct FlightScore(int FlightId, float Probability, string PredictionId)
{
    /// <summary>The entry of a flight that nobody asked about.</summary>
    public static FlightScore NotAsked(int flightId) => new(flightId, float.NaN, "");
}
