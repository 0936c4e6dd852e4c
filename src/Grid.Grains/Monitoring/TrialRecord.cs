using Grid.Abstractions;

namespace Grid.Grains.Monitoring;

/// <summary>Stored: what outcomes have said of a version on trial.</summary>
/// <param name="Champion">The live version.</param>
/// <param name="Challenger">The version on trial.</param>
/// <param name="ChampionLoss">Losses of the live version on the predictions that both made.</param>
/// <param name="ChallengerLoss">Losses of the version on trial on the same.</param>
/// <param name="LossDifference">The second less the first, row by row.</param>
internal sealed record TrialRecord(string Champion, string Challenger, LossTally ChampionLoss = default, LossTally ChallengerLoss = default, LossTally LossDifference = default);
