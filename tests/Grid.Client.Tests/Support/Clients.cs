using Grid.Client.Http;
using Grid.Primitives;

namespace Grid.Client.Tests.Support;

/// <summary>Clients over a stubbed wire.</summary>
internal static class Clients
{
    public static (HttpGridClient Client, WireStub Wire, SkippingTime Time) Make(Func<Sent, HttpResponseMessage> answer, Action<GridClientOptions>? configure = null)
    {
        var options = new GridClientOptions { Addresses = ["http://a:1"] };
        configure?.Invoke(options);
        var wire = new WireStub(answer);
        var time = new SkippingTime();
        return (new HttpGridClient(options, wire, time), wire, time);
    }

    public static async Task<GridException> FailsAsync<T>(ValueTask<T> call) => await Assert.ThrowsAsync<GridException>(() => call.AsTask());
}
