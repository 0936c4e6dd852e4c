namespace Grid.Train.Packages;

/// <summary>What a training made.</summary>
/// <param name="Folder">The folder, complete.</param>
/// <param name="Card">What is in it.</param>
internal sealed record TrainingResult(string Folder, ModelCard Card);
