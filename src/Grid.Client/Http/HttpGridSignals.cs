using Grid.Abstractions;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Client.Http;

internal sealed class HttpGridSignals(GridTransport transport, string root, string workspace) : IGridSignals
{
    public async ValueTask<IReadOnlyList<SignalInfo>> ListAsync(string? model = null, bool withCleared = false, CancellationToken cancellationToken = default)
    {
        var path = new QueryText($"{root}/signals").Add("model", model).AddFlag("cleared", withCleared).ToString();
        var answer = await transport.SendAsync(new GridCall(HttpMethod.Get, path, CallSafety.Read) { Target = "signals" }, WireContext.Default.SignalsBody, cancellationToken);
        return [.. answer.Signals.Select(body => WireSignals.FromBody(body, workspace))];
    }

    public async ValueTask<SignalInfo> AcknowledgeAsync(string model, string id, string by, CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Post, $"{PathOf(model)}/signals/ack", CallSafety.Idempotent)
        {
            Target = $"signal '{id}'",
            Content = _ => JsonBytesContent.From(new AcknowledgeBody { Id = id, By = by }, WireContext.Default.AcknowledgeBody),
        };
        return WireSignals.FromBody(await transport.SendAsync(call, WireContext.Default.SignalBody, cancellationToken), workspace);
    }

    public async ValueTask<MonitorStatus> GetMonitorAsync(string model, CancellationToken cancellationToken = default)
    {
        var call = new GridCall(HttpMethod.Get, $"{PathOf(model)}/monitor", CallSafety.Read) { Target = $"model '{model}'" };
        return WireSignals.FromBody(await transport.SendAsync(call, WireContext.Default.MonitorBody, cancellationToken), workspace);
    }

    public async ValueTask<RetrainVerdict> RetrainAsync(string model, string by, CancellationToken cancellationToken = default)
    {
        // Safe to repeat: while a request is open there is no second one.
        var call = new GridCall(HttpMethod.Post, $"{PathOf(model)}/retrain", CallSafety.Idempotent)
        {
            Target = $"model '{model}'",
            Content = _ => JsonBytesContent.From(new RetrainRequestBody { By = by }, WireContext.Default.RetrainRequestBody),
        };
        return WireSignals.FromBody(await transport.SendAsync(call, WireContext.Default.RetrainBody, cancellationToken));
    }

    private string PathOf(string model) => $"{root}/models/{GridNames.Require("model", model)}";
}
