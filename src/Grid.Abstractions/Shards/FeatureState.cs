namespace Grid.Abstractions;

/// <summary>How much a feature's value can be trusted. Values are wire format.</summary>
public enum FeatureState : byte
{
    /// <summary>Computed from events within the view's bounds.</summary>
    Fresh = 0,

    /// <summary>No event contributes: the declared default.</summary>
    Default = 1,

    /// <summary>The entity is unknown: the declared default.</summary>
    Missing = 2,

    /// <summary>Past its time to live: the declared default.</summary>
    Stale = 3,

    /// <summary>Part of the window had to be merged into tiles at the declared bound; the value is approximate.</summary>
    Degraded = 4,
}
