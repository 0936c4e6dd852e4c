namespace Grid.Grains.Ingestion;

/// <summary>How deliveries of one reader name themselves.</summary>
/// <param name="Feed">The topic's identity.</param>
/// <param name="Partition">The partition, as marks name it.</param>
/// <param name="Epoch">The reader's epoch.</param>
/// <param name="SkipsGaps">See <see cref="IngestSourceOptions.FaultSkipGaps"/>.</param>
internal sealed record SourceFeed(string Feed, string Partition, long Epoch, bool SkipsGaps)
{
    public override string ToString() => $"Partition {Feed}#{Partition}";
}
