namespace Grid.Silo.Http.OpenApi;

/// <summary>A body that is not JSON, in the description of an endpoint.</summary>
internal sealed record RawBodyDoc(string ContentType, string Description);
