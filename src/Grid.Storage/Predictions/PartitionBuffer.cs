namespace Grid.Storage.Predictions;

/// <summary>Rows of one partition that are in no file yet, in the order of arrival.</summary>
internal sealed class PartitionBuffer
{
    public List<LoggedPrediction> Rows { get; } = [];
}
