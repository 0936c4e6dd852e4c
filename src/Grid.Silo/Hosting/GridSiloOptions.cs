using Grid.Grains.Balancing.Control;
using Grid.Grains.Ingestion;
using Grid.Grains.Monitoring;
using Grid.Grains.Shards;
using Grid.Inference.Hosting;
using Grid.Silo.Hosting.Clustering;

namespace Grid.Silo.Hosting;

/// <summary>Settings of a silo. Read from <c>GRID_</c> environment variables (<c>GRID_STATEFOLDER</c>) and from the command line, which wins.</summary>
internal sealed class GridSiloOptions
{
    public const string Section = "Grid";

    /// <summary>Folder of the embedded store. Default <c>.grid</c>.</summary>
    public string StateFolder { get; set; } = ".grid";

    /// <summary>
    /// Connection string of a PostgreSQL database that keeps the state in the place of the embedded store; the state folder then holds only copies that can be fetched again.
    /// It carries a password, so it comes from the environment (<c>GRID_POSTGRESQL</c>) and not from the command line. Default none.
    /// </summary>
    public string? PostgreSql { get; set; }

    /// <summary>Address of the HTTP door; port 0 picks a free one. Default <c>http://127.0.0.1:8000</c>.</summary>
    public string HttpAddress { get; set; } = "http://127.0.0.1:8000";

    /// <summary>How callers reach the HTTP door, where that differs from <see cref="HttpAddress"/>.</summary>
    public string? AdvertisedHttpAddress { get; set; }

    /// <summary>How this silo joins others. In force where <see cref="PostgreSql"/> is set; without it a silo is alone.</summary>
    public SiloClusterOptions Cluster { get; set; } = new();

    /// <summary>How shards are moved between silos, and whether by themselves. From <c>GRID_BALANCER__</c> environment variables (<c>GRID_BALANCER__MODE</c>).</summary>
    public BalancerOptions Balancer { get; set; } = new();

    /// <summary>Port between silos; 0 picks a free one. Default 0.</summary>
    public int SiloPort { get; set; }

    /// <summary>Port for Orleans clients; 0 picks a free one. Default 0.</summary>
    public int GatewayPort { get; set; }

    /// <summary>Model repository (<c>model/version/model.onnx</c>) whose versions are registered at start; the highest number of each new model goes live. Default none.</summary>
    public string? Models { get; set; }

    /// <summary>YAML files with feature views, or folders of them, to apply at start. Default none.</summary>
    public IList<string> Views { get; set; } = [];

    /// <summary>YAML files, one for each topic that features are fed from. Default none.</summary>
    public IList<string> SourceFiles { get; set; } = [];

    /// <summary>Topics that features are fed from, beside those of <see cref="SourceFiles"/>. Set in code only.</summary>
    internal IList<IngestSourceOptions> Sources { get; set; } = [];

    /// <summary>Make an unknown tenant, with one shard, on first use. Default true: this is the embedded grid.</summary>
    public bool CreateTenantsOnFirstUse { get; set; } = true;

    /// <summary>Memory for loaded models, bytes. Default 2 GiB.</summary>
    public long ModelMemoryBytes { get; set; } = 2L << 30;

    /// <summary>Largest body of a JSON request, bytes. Default 4 MiB.</summary>
    public long MaxBodyBytes { get; set; } = 4 << 20;

    /// <summary>Largest model file that can be pushed, bytes. Default 2 GiB.</summary>
    public long MaxModelBytes { get; set; } = 2L << 30;

    /// <summary>Committed bytes of a shard's log after which it writes a snapshot and cuts the log. 4 KiB to 1 GiB; default 4 MiB.</summary>
    public long? SnapshotLogBytes { get; set; }

    /// <summary>Largest training set that is made, bytes. 1 MiB to 1 TiB, default 2 GiB.</summary>
    public long MaxDatasetBytes { get; set; } = 2L << 30;

    /// <summary>Which predictions are logged, and where.</summary>
    public SiloPredictionLogOptions PredictionLog { get; set; } = new();

    /// <summary>What is watched of the models in service, and where signals go.</summary>
    public MonitoringOptions Monitoring { get; set; } = new();

    /// <summary>Bounds and waits of the shards. Set in code only: the configuration does not reach it.</summary>
    internal ShardOptions Shards { get; set; } = new();

    /// <summary>Places where a test slows or fails the model host. Set in code only; null in operation.</summary>
    internal FaultPoints? ModelFaults { get; set; }

    /// <summary>For tests of the tests only: see <see cref="ShardOptions.IgnoreMarks"/>.</summary>
    public bool FaultIgnoreMarks { get; set; }

    /// <summary>For tests of the tests only: see <see cref="Storage.StoreFaults.IgnoreEpoch"/>.</summary>
    public bool FaultIgnoreFencing { get; set; }

    /// <summary>For tests of the tests only: see <see cref="IngestSourceOptions.FaultSkipGaps"/>.</summary>
    public bool FaultSkipGaps { get; set; }
}
