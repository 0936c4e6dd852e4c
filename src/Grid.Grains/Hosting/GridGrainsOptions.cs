using Grid.Grains.Balancing.Control;
using Grid.Grains.Ingestion;
using Grid.Grains.Monitoring;
using Grid.Grains.Predictions;
using Grid.Grains.Shards;
using Grid.Storage.Predictions;

namespace Grid.Grains.Hosting;

/// <summary>What the actors of a silo are told by its host. Ranges are checked at start, all mistakes at once.</summary>
public sealed class GridGrainsOptions
{
    /// <summary>Folder for what can be fetched again: laid-out model files. Required.</summary>
    public string CacheFolder { get; set; } = "";

    /// <summary>Base address of this silo's HTTP door, as callers reach it; part of each answer.</summary>
    public string HttpAddress { get; set; } = "";

    /// <summary>Make an unknown tenant, with one shard, when it is first used. Default false.</summary>
    public bool CreateTenantsOnFirstUse { get; set; }

    /// <summary>Where this silo stands, such as a rack or an availability zone. Default none.</summary>
    public string Zone { get; set; } = "";

    /// <summary>What replicas may ask of a silo, such as an execution provider. Default none.</summary>
    public IList<string> Labels { get; set; } = [];

    /// <summary>How long a silo that leaves may take to hand over what it holds. Default 30 s.</summary>
    public TimeSpan DrainTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>Predictions that wait to be computed again by a shadow; what comes on top is left out and counted. Default 512; 1 to 100,000.</summary>
    public int ShadowQueue { get; set; } = 512;

    public ShardOptions Shards { get; set; } = new();

    /// <summary>Which predictions go to the log and to the topic.</summary>
    public PredictionShares PredictionShares { get; set; } = new();

    /// <summary>The log of predictions; null for none. Default null.</summary>
    public PredictionLogOptions? PredictionLog { get; set; }

    /// <summary>The topic of predictions; null for none. Default null.</summary>
    public PredictionTopicOptions? PredictionTopic { get; set; }

    /// <summary>Largest training set that is made, bytes. Default 2 GiB.</summary>
    public long MaxDatasetBytes { get; set; } = 2L << 30;

    /// <summary>How the balancer works where this silo holds it.</summary>
    public BalancerOptions Balancer { get; set; } = new();

    /// <summary>What is watched, and where signals go.</summary>
    public MonitoringOptions Monitoring { get; set; } = new();

    /// <summary>Topics that features are fed from. Default none.</summary>
    public IList<IngestSourceOptions> Sources { get; set; } = [];
}
