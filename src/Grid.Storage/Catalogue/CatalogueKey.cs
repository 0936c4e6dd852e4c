namespace Grid.Storage;

/// <summary>Names one entry of the catalogue. Written <c>kind:name</c>.</summary>
/// <param name="Kind">What it is: <c>model</c>, <c>view</c>, <c>rollout</c>. Not empty.</param>
/// <param name="Name">Its path within the kind: <c>default/fraud</c>. Not empty.</param>
public readonly record struct CatalogueKey(string Kind, string Name)
{
    public override string ToString() => $"{Kind}:{Name}";
}
