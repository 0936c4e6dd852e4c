namespace Grid.Client.Tests.Support;

/// <summary>A request as it left the SDK.</summary>
internal sealed record Sent(HttpMethod Method, Uri Address, string Body)
{
    public string Host => Address.Host;
}
