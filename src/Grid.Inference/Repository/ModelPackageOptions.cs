namespace Grid.Inference.Repository;

/// <summary>Bounds of what one version may consist of.</summary>
public sealed record ModelPackageOptions
{
    public static ModelPackageOptions Default { get; } = new();

    /// <summary>Largest single file in bytes. Default 2 GiB - 1, the limit of an ONNX file itself; at least 1.</summary>
    public long MaxFileBytes { get; init; } = int.MaxValue;

    /// <summary>Most files. Default 256; at least 1.</summary>
    public int MaxFiles { get; init; } = 256;

    /// <summary>All files together in bytes. Default 8 GiB; at least 1.</summary>
    public long MaxTotalBytes { get; init; } = 8L << 30;
}
