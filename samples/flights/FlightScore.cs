namespace Grid.Samples.Flights;

/// <summary>One answer of the grid, as the application keeps it.</summary>
public readonly record struct FlightScore(int FlightId, float Probability, string PredictionId);
