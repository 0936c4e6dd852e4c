using Grid.Abstractions;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Client.Http;

internal sealed class HttpGridDatasets(GridTransport transport, GridClientOptions options, string root) : IGridDatasets
{
    public async ValueTask<Dataset> ExportAsync(string model, DateTimeOffset from, DateTimeOffset to, string? tenant = null, string? version = null, CancellationToken cancellationToken = default)
    {
        var path = new QueryText($"{root}/models/{GridNames.Require("model", model)}/datasets")
            .Add("from", WireTime.From(from).ToString())
            .Add("to", WireTime.From(to).ToString())
            .Add("tenant", tenant)
            .Add("version", version);
        var call = new GridCall(HttpMethod.Post, path.ToString(), CallSafety.Idempotent)
        {
            Target = $"training set of model '{model}'",
            Budget = options.UploadTimeout,
            AttemptTimeout = options.UploadTimeout,
        };
        return WireDatasets.FromBody(await transport.SendAsync(call, WireContext.Default.DatasetBody, cancellationToken));
    }

    public async ValueTask DownloadAsync(string digest, string path, CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Get, $"{root}/datasets/{Uri.EscapeDataString(digest)}", CallSafety.Read)
        {
            Target = $"training set '{digest}'",
            Budget = options.UploadTimeout,
            AttemptTimeout = options.UploadTimeout,
        };
        await transport.DownloadAsync(call, digest, path, cancellationToken);
    }
}
