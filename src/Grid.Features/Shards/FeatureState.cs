namespace Grid.Features.Shards;

/// <summary>How a value of a vector came about.</summary>
public enum FeatureState : byte
{
    /// <summary>From events, or brought by the request.</summary>
    Fresh = 0,

    /// <summary>The entity is known, but nothing contributes: the default.</summary>
    Default = 1,

    /// <summary>The entity is not known: the default.</summary>
    Missing = 2,

    /// <summary>The entity's last event is older than the view's time to live: the default.</summary>
    Stale = 3,

    /// <summary>From events, but at the old end of the window some are approximated or gone.</summary>
    Degraded = 4,
}
