using System.Text.Json;

namespace Grid.Grains.Monitoring;

/// <summary>Stored: everything of a model's monitor but the sketches, which are a document for each version.</summary>
/// <param name="Format">1.</param>
/// <param name="Book">Signals, and the events that must still go out.</param>
/// <param name="Versions">Those that are watched.</param>
/// <param name="Retraining">Trainings so far.</param>
internal sealed record MonitorDocument(int Format, JsonElement Book, WatchRecord[] Versions, RetrainRecord Retraining)
{
    public const int CurrentFormat = 1;
}
