using Grid.Abstractions;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Client.Http;

internal sealed class HttpGridPredictions(GridTransport transport, GridClientOptions options, string root) : IGridPredictions
{
    public async ValueTask<PredictionRecord> GetAsync(string id, CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Get, PathOf(id), CallSafety.Read) { Target = $"prediction '{id}'" };
        return WireRecords.FromBody(await transport.SendAsync(call, WireContext.Default.PredictionRecordBody, cancellationToken));
    }

    public async ValueTask<Replay> ReplayAsync(string id, CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Post, $"{PathOf(id)}/replay", CallSafety.Read) { Target = $"prediction '{id}'" };
        return WireRecords.FromBody(await transport.SendAsync(call, WireContext.Default.ReplayBody, cancellationToken));
    }

    public async ValueTask<Erasure> EraseAsync(string tenant, string? entity = null, CancellationToken cancellationToken = default)
    {
        var path = new QueryText($"{root}/tenants/{GridNames.Require("tenant", tenant)}/predictions").Add("entity", entity);
        var call = new GridCall(HttpMethod.Delete, path.ToString(), CallSafety.Idempotent)
        {
            Target = $"predictions of tenant '{tenant}'",
            Budget = options.UploadTimeout,
            AttemptTimeout = options.UploadTimeout,
        };
        var erased = await transport.SendAsync(call, WireContext.Default.ErasedBody, cancellationToken);
        return new Erasure(erased.Predictions, erased.Outcomes, [.. erased.Datasets]);
    }

    private string PathOf(string id) => $"{root}/predictions/{Uri.EscapeDataString(id)}";
}
