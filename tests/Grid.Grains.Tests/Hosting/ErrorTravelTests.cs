using Grid.Grains.Tests.Support;
using Grid.Primitives;
using Orleans.Serialization;

namespace Grid.Grains.Tests.Hosting;

/// <summary>What an actor refuses on one silo reaches the caller on another as that refusal, whatever caused it.</summary>
public sealed class ErrorTravelTests(SharedGrid grid) : IClassFixture<SharedGrid>
{
    [Fact]
    public void ARefusal_KeepsItsCodeAndItsWords_WithACauseOfAnUnknownType()
    {
        var serializer = grid.Grid.Service<Serializer>();
        var refusal = new GridException(GridError.Unavailable("database", "Nobody answers.", "Start it.", 250), new PrivateFailure("the socket", new InvalidOperationException("deep")));

        var answer = Assert.IsType<GridException>(serializer.Deserialize<Exception>(serializer.SerializeToArray<Exception>(refusal)));

        Assert.Equal(refusal.Error, answer.Error);
        Assert.Equal(refusal.Message, answer.Message);
    }

    private sealed class PrivateFailure(string message, Exception cause) : IOException(message, cause);
}
