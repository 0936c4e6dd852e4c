using Grid.Abstractions;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Client.Http;

internal sealed class HttpGridSources(GridTransport transport, string root) : IGridSources
{
    public async ValueTask<DeliveryAnswer> DeliverAsync(string tenant, int shard, SourceDelivery delivery, CancellationToken cancellationToken = default)
    {
        var body = WireEvents.ToBody(delivery);
        var call = new GridCall(HttpMethod.Post, $"{PathOf(tenant, shard)}/deliveries", CallSafety.Once)
        {
            Target = $"delivery of feed '{delivery.Feed}' partition '{delivery.Partition}'",
            Content = _ => JsonBytesContent.From(body, WireContext.Default.DeliveryBody),
        };
        return WireEvents.FromBody(await transport.SendAsync(call, WireContext.Default.DeliveryAnswerBody, cancellationToken));
    }

    public async ValueTask<SourceMarks> GetMarksAsync(string tenant, int shard, string feed, string partition, CancellationToken cancellationToken = default)
    {
        var path = new QueryText($"{PathOf(tenant, shard)}/marks").Add("feed", feed).Add("partition", partition);
        var call = new GridCall(HttpMethod.Get, path.ToString(), CallSafety.Read) { Target = $"marks of feed '{feed}' partition '{partition}'" };
        var answer = await transport.SendAsync(call, WireContext.Default.MarksBody, cancellationToken);
        return new SourceMarks(answer.Applied, answer.Durable);
    }

    public async ValueTask FlushAsync(string tenant, int shard, CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Post, $"{PathOf(tenant, shard)}/flush", CallSafety.Idempotent) { Target = $"shard {shard} of tenant '{tenant}'" };
        await transport.SendAsync<Wire.MarksBody>(call, null, cancellationToken);
    }

    private string PathOf(string tenant, int shard) => $"{root}/tenants/{GridNames.Require("tenant", tenant)}/shards/{shard}";
}
