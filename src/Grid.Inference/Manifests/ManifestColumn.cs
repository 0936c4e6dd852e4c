namespace Grid.Inference.Manifests;

/// <summary>One column of a model's input. Immutable.</summary>
/// <param name="Source">Where its value comes from.</param>
/// <param name="Name">The feature's name within its view, or the request value's name.</param>
/// <param name="View">The view of a feature; null for a request value.</param>
/// <param name="Default">What stands in where there is no value; null: a request without it is refused, and a feature answers its view's own default.</param>
public sealed record ManifestColumn(ColumnSource Source, string Name, string? View = null, float? Default = null)
{
    public override string ToString() => Source == ColumnSource.Feature ? $"{View}.{Name}" : Name;
}
