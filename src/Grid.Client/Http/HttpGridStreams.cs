using Grid.Abstractions;
using Grid.Client.Wire;

namespace Grid.Client.Http;

internal sealed class HttpGridStreams(GridTransport transport, string root) : IGridStreams
{
    public async ValueTask<IReadOnlyList<PartitionIngestStatus>> ListAsync(CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Get, $"{root}/streams", CallSafety.Read) { Target = "streams" };
        var answer = await transport.SendAsync(call, WireContext.Default.StreamsBody, cancellationToken);
        return [.. answer.Partitions.Select(WireStreams.FromBody)];
    }
}
