namespace Grid.Features.Plans;

/// <summary>One column of a vector: a feature, or a value that the request brings.</summary>
public sealed record VectorColumn
{
    private VectorColumn(string name, bool isRequest, double? fallback)
    {
        Name = name;
        IsRequest = isRequest;
        Default = fallback;
    }

    /// <summary><c>view.feature</c>, or the name of the request's value.</summary>
    public string Name { get; }

    public bool IsRequest { get; }

    /// <summary>For a request's value: what stands in where the request does not bring it; null makes it required.</summary>
    public double? Default { get; }

    /// <param name="name"><c>view.feature</c>.</param>
    public static VectorColumn Feature(string name) => new(name, isRequest: false, null);

    /// <param name="name">Name of the value in the request.</param>
    /// <param name="fallback">What stands in where it is not there; null makes it required.</param>
    public static VectorColumn Request(string name, double? fallback = null) => new(name, isRequest: true, fallback);
}
