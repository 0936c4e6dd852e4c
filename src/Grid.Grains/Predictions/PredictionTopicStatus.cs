using Grid.Primitives;

namespace Grid.Grains.Predictions;

/// <summary>How the topic of predictions stands.</summary>
/// <param name="Written">Predictions that it has.</param>
/// <param name="Missed">Predictions that it does not have and never will.</param>
/// <param name="BufferedBytes">Bytes of records that wait for the brokers, roughly.</param>
/// <param name="Error">Why a record was given up lately; null where the last one was taken.</param>
internal sealed record PredictionTopicStatus(long Written, long Missed, long BufferedBytes, GridError? Error);
