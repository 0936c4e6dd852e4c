using System.Net.Http.Headers;
using System.Text;
using Grid.Abstractions;
using Grid.Client.Wire;

namespace Grid.Client.Http;

internal sealed class HttpGridViews(GridTransport transport, string root) : IGridViews
{
    public async ValueTask<ViewsInfo> GetAsync(CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Get, $"{root}/views", CallSafety.Read) { Target = "views" };
        return WireTenants.FromBody(await transport.SendAsync(call, WireContext.Default.ViewsBody, cancellationToken));
    }

    public async ValueTask<ViewsInfo> ApplyAsync(string yaml, string source = "views", bool dryRun = false, bool prune = false, CancellationToken cancellationToken = default)
    {
        var path = new QueryText($"{root}/views").Add("source", source).AddFlag("dry_run", dryRun).AddFlag("prune", prune);
        var bytes = Encoding.UTF8.GetBytes(yaml);
        var call = new GridCall(HttpMethod.Put, path.ToString(), CallSafety.Idempotent)
        {
            Target = source,
            Content = _ => new ReadOnlyMemoryContent(bytes) { Headers = { ContentType = new MediaTypeHeaderValue("application/yaml") } },
        };
        return WireTenants.FromBody(await transport.SendAsync(call, WireContext.Default.ViewsBody, cancellationToken));
    }
}
