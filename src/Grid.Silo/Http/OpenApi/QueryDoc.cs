namespace Grid.Silo.Http.OpenApi;

/// <summary>A query parameter in the description of an endpoint.</summary>
internal sealed record QueryDoc(string Name, string Description, bool IsRequired);
