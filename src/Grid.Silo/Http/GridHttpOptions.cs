namespace Grid.Silo.Http;

/// <summary>Limits of the HTTP doors.</summary>
internal sealed class GridHttpOptions
{
    /// <summary>Largest JSON or YAML body, in bytes. 1 KiB to 1 GiB, default 4 MiB.</summary>
    public int MaxBodyBytes { get; set; } = 4 << 20;

    /// <summary>Largest version upload, all files together, in bytes. 1 KiB to 1 TiB, default 2 GiB.</summary>
    public long MaxModelBytes { get; set; } = 2L << 30;

    /// <summary>Most files in a version upload. 1 to 10,000, default 64.</summary>
    public int MaxModelFiles { get; set; } = 64;

    /// <summary>Most events of one append or delivery. 1 to 1,000,000, default 10,000.</summary>
    public int MaxEvents { get; set; } = 10_000;

    /// <summary>Most entities of one request to predict for many. 1 to 100,000, default 10,000.</summary>
    public int MaxPredictItems { get; set; } = 10_000;

    /// <summary>Folder that uploads are put in until they are registered. Default the system's folder for temporary files.</summary>
    public string UploadFolder { get; set; } = Path.GetTempPath();
}
