namespace Grid.Inference.Manifests;

/// <summary>What a window is compared with.</summary>
public enum ManifestSeason
{
    /// <summary>The baseline.</summary>
    None = 0,

    /// <summary>The window one day before.</summary>
    Day = 1,

    /// <summary>The window one week before.</summary>
    Week = 2,
}
