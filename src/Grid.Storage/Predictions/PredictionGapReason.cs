namespace Grid.Storage.Predictions;

/// <summary>Why predictions are missing from the log. Names are stored.</summary>
public enum PredictionGapReason
{
    /// <summary>The buffer was full: files could not be written, or not fast enough.</summary>
    BufferFull = 1,

    /// <summary>The process ended with predictions in its buffer.</summary>
    Crash = 2,
}
