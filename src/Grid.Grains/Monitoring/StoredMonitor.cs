using Grid.Monitoring.Signals;

namespace Grid.Grains.Monitoring;

/// <summary>A model's monitor as it was read.</summary>
/// <param name="Version">Of its document; 0 where there is none.</param>
/// <param name="Book">Its signals.</param>
/// <param name="Versions">What is watched, with the state of each monitor and the version of that document.</param>
/// <param name="Retraining">Trainings so far.</param>
/// <param name="Trials">What outcomes have said of versions on trial.</param>
internal sealed record StoredMonitor(
    long Version, SignalBook Book, (WatchRecord Watch, ReadOnlyMemory<byte>? State, long Version)[] Versions, RetrainRecord Retraining, TrialRecord[] Trials);
