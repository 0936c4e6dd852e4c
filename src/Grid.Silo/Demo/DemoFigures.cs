namespace Grid.Silo.Demo;

/// <summary>One line of the running table.</summary>
internal readonly record struct DemoFigures(
    double EventsPerSecond,
    double PredictionsPerSecond,
    TimeSpan P50,
    TimeSpan P99,
    double Locality,
    long Outcomes,
    double Auc,
    double LogLoss);
