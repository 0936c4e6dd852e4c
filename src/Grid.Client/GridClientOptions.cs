namespace Grid.Client;

/// <summary>Settings of the SDK over HTTP.</summary>
public sealed class GridClientOptions
{
    /// <summary>Base addresses of silos, http or https; the first that answers is used until it fails. At least one, at most 64. Default <c>http://127.0.0.1:8000</c>.</summary>
    public IList<string> Addresses { get; set; } = ["http://127.0.0.1:8000"];

    /// <summary>The workspace whose models and views are used. Default <c>default</c>.</summary>
    public string Workspace { get; set; } = Primitives.GridNames.DefaultWorkspace;

    /// <summary>How long a call may take with all its attempts, where it names no deadline of its own. 1 ms to 1 h, default 30 s.</summary>
    public TimeSpan RequestTimeout { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long one attempt may take before another is made. 1 ms to <see cref="RequestTimeout"/>, default 10 s. Uploads of models are not bounded by it.</summary>
    public TimeSpan AttemptTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>How long the upload of a version may take. 1 s to 24 h, default 1 h.</summary>
    public TimeSpan UploadTimeout { get; set; } = TimeSpan.FromHours(1);

    /// <summary>Attempts per call, where repeating is safe. 1 to 20, default 4.</summary>
    public int MaxAttempts { get; set; } = 4;

    /// <summary>Wait before the second attempt; doubles for each further one, with jitter. A silo's Retry-After counts where it is longer. 1 ms to <see cref="RetryMaxDelay"/>, default 50 ms.</summary>
    public TimeSpan RetryBaseDelay { get; set; } = TimeSpan.FromMilliseconds(50);

    /// <summary>The longest wait between two attempts that the SDK chooses itself. Up to 1 min, default 2 s.</summary>
    public TimeSpan RetryMaxDelay { get; set; } = TimeSpan.FromSeconds(2);

    /// <summary>Send a request for an entity straight to the process that answered for it last. Default true; turn it off where silos can only be reached through a balancer.</summary>
    public bool FollowOwners { get; set; } = true;

    /// <summary>Entities whose owner is remembered. 0 to 10,000,000, default 65,536.</summary>
    public int OwnerHints { get; set; } = 65_536;

    /// <summary>Events per request of an append; a larger append becomes several requests, one after the other. 1 to 100,000, default 1,000.</summary>
    public int AppendChunkEvents { get; set; } = 1_000;

    /// <summary>Bytes of JSON per request of an append. 1 KiB to 64 MiB, default 1 MiB; at most what the silos take as a body (4 MiB unless set).</summary>
    public int AppendChunkBytes { get; set; } = 1 << 20;
}
