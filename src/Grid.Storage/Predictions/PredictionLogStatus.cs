using Grid.Primitives;

namespace Grid.Storage.Predictions;

/// <summary>Where a log stands. Immutable.</summary>
/// <param name="Written">Predictions in finished files of this writer.</param>
/// <param name="Dropped">Predictions that were not logged.</param>
/// <param name="BufferedBytes">Bytes that wait for their file.</param>
/// <param name="Error">Why the last file could not be written; null since one could.</param>
public sealed record PredictionLogStatus(long Written, long Dropped, long BufferedBytes, GridError? Error);
