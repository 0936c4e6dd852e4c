using System.Text.Json;

namespace Grid.Grains.Monitoring;

/// <summary>Stored: everything of a model's monitor but the sketches, which are a document for each version.</summary>
/// <param name="Format">1.</param>
/// <param name="Book">Signals, and the events that must still go out.</param>
/// <param name="Versions">Those that are watched.</param>
/// <param name="Retraining">Trainings so far.</param>
/// <param name="Trials">What outcomes have said of versions on trial; null in older documents.</param>
internal sealed record MonitorDocument(int Format, JsonElement Book, WatchRecord[] Versions, RetrainRecord Retraining, TrialRecord[]? Trials)
{
    public const int CurrentFormat = 1;
}
