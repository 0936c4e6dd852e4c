using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Grains.Hosting;
using Grid.Grains.Ingestion;
using Grid.Grains.Shards;
using Grid.Inference.Hosting;
using Microsoft.Extensions.Options;
using Orleans.Configuration;
using Orleans.Runtime;

namespace Grid.Grains.Gossip;

/// <summary>Reads how this silo is. Used by one caller at a time.</summary>
internal sealed class SiloMeter(
    IOptions<GridGrainsOptions> options,
    IOptions<SiloOptions> silo,
    ILocalSiloDetails local,
    ClusterView view,
    LocalShards shards,
    IngestDirectory partitions,
    ModelHost models,
    CatalogueReplica catalogue,
    PredictionInstruments predictions,
    TimeProvider time)
{
    /// <summary>A reading counts for half after this: one burst of a second moves nothing.</summary>
    private const double HalfLifeSeconds = 3;

    private long _readAt = time.GetTimestamp();
    private double _processorSeconds = Environment.CpuUsage.TotalTime.TotalSeconds;
    private long _answered;
    private double _usedCores;
    private double _rate;

    public SiloInfo Read()
    {
        var seconds = time.GetElapsedTime(_readAt).TotalSeconds;
        if (seconds >= 0.1)
        {
            var processor = Environment.CpuUsage.TotalTime.TotalSeconds;
            var answered = predictions.Answered;
            var keep = Math.Pow(0.5, seconds / HalfLifeSeconds);
            _usedCores = (_usedCores * keep) + ((processor - _processorSeconds) / seconds * (1 - keep));
            _rate = (_rate * keep) + ((answered - _answered) / seconds * (1 - keep));
            (_processorSeconds, _answered, _readAt) = (processor, answered, time.GetTimestamp());
        }

        return new SiloInfo
        {
            Name = silo.Value.SiloName,
            Address = local.SiloAddress.ToParsableString(),
            Door = options.Value.HttpAddress,
            Zone = options.Value.Zone,
            Labels = [.. options.Value.Labels],
            Phase = view.Phase,
            Cores = Environment.ProcessorCount,
            UsedCores = _usedCores,
            MemoryUsedBytes = Environment.WorkingSet,
            MemoryLimitBytes = GC.GetGCMemoryInfo().TotalAvailableMemoryBytes,
            Shards = shards.Count,
            Partitions = partitions.Held,
            Replicas = models.Status.Count(static status => status.State == ModelState.Ready),
            PredictionsPerSecond = _rate,
            Revision = catalogue.Current.Revision,
        };
    }
}
