namespace Grid.Monitoring.Retraining;

/// <summary>Why a model is trained again, the strongest reason first.</summary>
public enum RetrainReason
{
    LabelledPerformance = 1,
    EstimatedPerformance = 2,
    PredictionDrift = 3,
    InputDrift = 4,
    DataVolume = 5,
    Age = 6,
    Manual = 7,
}
