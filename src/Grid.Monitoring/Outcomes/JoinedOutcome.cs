namespace Grid.Monitoring.Outcomes;

/// <summary>A prediction and its outcome.</summary>
/// <param name="Kind">How it came about.</param>
/// <param name="Prediction">The prediction; default where it is waited for.</param>
/// <param name="Label">What happened.</param>
/// <param name="Replaced">The label that this one corrects: take the row out with it before adding it again.</param>
public readonly record struct JoinedOutcome(JoinKind Kind, Prediction Prediction, double Label, double? Replaced);
