using Grid.Client;
using Grid.Client.Wire;
using Grid.Silo.Http.OpenApi;

namespace Grid.Silo.Http;

/// <summary>The topics that features are fed from.</summary>
internal static class StreamEndpoints
{
    public static void Map(IEndpointRouteBuilder workspace) =>
        workspace.Get("streams", ListAsync, "ListStreams", "How far the reader of each partition of a topic is.").Gives<StreamsBody>();

    private static async ValueTask ListAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context);
        var partitions = await client.Streams.ListAsync(context.RequestAborted);
        await JsonAnswer.WriteAsync(context, new StreamsBody { Partitions = [.. partitions.Select(WireStreams.ToBody)] }, WireContext.Default.StreamsBody);
    }
}
