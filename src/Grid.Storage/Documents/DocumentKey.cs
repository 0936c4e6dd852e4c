namespace Grid.Storage;

/// <summary>Names one document. Written <c>kind:name</c>.</summary>
/// <param name="Kind">What it is: <c>signals</c>, <c>monitor</c>. Not empty.</param>
/// <param name="Name">Its path within the kind: <c>default/fraud</c>. Not empty.</param>
public readonly record struct DocumentKey(string Kind, string Name)
{
    public override string ToString() => $"{Kind}:{Name}";
}
