namespace Grid.Inference.Manifests;

/// <summary>Where a column of a model's input comes from.</summary>
public enum ColumnSource
{
    /// <summary>A feature of a view, read from the entity's state.</summary>
    Feature = 1,

    /// <summary>A value that the request carries.</summary>
    Request = 2,
}
