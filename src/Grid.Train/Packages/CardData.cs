namespace Grid.Train.Packages;

/// <summary>The training set of a version.</summary>
/// <param name="File">Its name.</param>
/// <param name="Digest">Its content.</param>
/// <param name="Features">The features in the order of the model's input.</param>
/// <param name="TrainingRows">Rows learned from.</param>
/// <param name="TrainingPeriodUtc">Their first and last time, or null.</param>
/// <param name="ValidationRows">Rows held back.</param>
/// <param name="ValidationPeriodUtc">Their first and last time, or null.</param>
/// <param name="HasMissing">Some features had no value in some rows.</param>
internal sealed record CardData(
    string File,
    string Digest,
    string[] Features,
    int TrainingRows,
    string[]? TrainingPeriodUtc,
    int ValidationRows,
    string[]? ValidationPeriodUtc,
    bool HasMissing);
