using System.Net.Sockets;
using Grid.Client.Tests.Support;
using Grid.Primitives;

namespace Grid.Client.Tests.Http;

public sealed class FailOverTests
{
    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task UnreachableAddress_IsLeftForTheNextAtOnce_AndStaysLeft(bool endsWhenMade)
    {
        var (client, wire, time) = Clients.Make(
            r => r.Host == "a" ? throw (endsWhenMade ? new SocketException((int)SocketError.NotConnected) : WireStub.Refused()) : WireStub.Prediction(),
            static o => o.Addresses = ["http://a:1", "http://b:1"]);
        using (client)
        {
            await client.PredictAsync("m", "t", "e");
            await client.PredictAsync("m", "t", "e");
        }

        Assert.Equal(["a", "b", "b"], wire.Requests.Select(static r => r.Host));
        Assert.Empty(time.Waits);
    }

    [Fact]
    public async Task NothingReachable_NamesEveryAddressAndTheFix()
    {
        var (client, wire, _) = Clients.Make(static _ => throw WireStub.Refused(), static o => (o.Addresses, o.MaxAttempts) = (["http://a:1", "http://b:1/base"], 3));
        using (client)
        {
            var failure = await Clients.FailsAsync(client.Models.ListAsync());

            Assert.Equal(["http://a:1", "http://b:1"], failure.Errors.Select(static e => e.Target));
            Assert.All(failure.Errors, static e =>
            {
                Assert.Equal(GridErrorCode.Unavailable, e.Code);
                Assert.Contains("Connection refused", e.Message, StringComparison.Ordinal);
                Assert.Contains("grid serve", e.Fix, StringComparison.Ordinal);
            });
        }

        Assert.Equal(3, wire.Requests.Count);
        Assert.Equal("/base/v1/default/models", wire.Requests[1].Address.AbsolutePath);
    }

    [Fact]
    public async Task RefusedConnection_ForReal_IsUnavailable()
    {
        using var listener = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        listener.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var address = $"http://127.0.0.1:{((System.Net.IPEndPoint)listener.LocalEndPoint!).Port}";
        using var client = new Client.Http.HttpGridClient(new GridClientOptions { Addresses = [address], MaxAttempts = 1 });

        var failure = await Clients.FailsAsync(client.Models.ListAsync());

        Assert.Equal(GridErrorCode.Unavailable, failure.Code);
        Assert.Equal(address, failure.Error.Target);
    }
}
