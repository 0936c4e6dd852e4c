namespace Grid.Inference.Hosting;

/// <summary>Where a version stands in this process.</summary>
public enum ModelState
{
    /// <summary>Waits for the load thread, or is being loaded.</summary>
    Loading = 1,

    /// <summary>Serves.</summary>
    Ready = 2,

    /// <summary>Could not be loaded; the status says why.</summary>
    Failed = 3,

    /// <summary>Takes no new callers and waits for those it has.</summary>
    Unloading = 4,

    /// <summary>Made room for others while idle; comes back when it is asked for by <see cref="ModelHost.AcquireAsync"/>.</summary>
    Evicted = 5,
}
