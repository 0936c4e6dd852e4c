using Grid.Client;
using Grid.Client.Wire;
using Grid.Silo.Http.OpenApi;
using Grid.Silo.Http.Reading;

namespace Grid.Silo.Http;

/// <summary>What the grid says about its models.</summary>
internal static class SignalEndpoints
{
    public static void Map(IEndpointRouteBuilder workspace)
    {
        workspace.Get("signals", ListAsync, "ListSignals", "Signals of the workspace's models, the latest first.")
            .Asks("model", "Of this model alone.").Asks("cleared", "true: also those that are no longer true.").Gives<SignalsBody>();
        workspace.Post("models/{model}/signals/ack", AcknowledgeAsync, "AcknowledgeSignal", "Marks a signal as seen.").Takes<AcknowledgeBody>().Gives<SignalBody>();
        workspace.Get("models/{model}/monitor", GetAsync, "GetMonitor", "What was measured of a model's versions in service.").Gives<MonitorBody>();
        workspace.Post("models/{model}/retrain", RetrainAsync, "Retrain", "Asks for a training by hand, where rows and budget allow it.").Takes<RetrainRequestBody>().Gives<RetrainBody>();
    }

    private static async ValueTask ListAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context, "model", "cleared");
        var signals = await client.Signals.ListAsync(RouteText.QueryOf(context, "model"), RouteText.FlagOf(context, "cleared"), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, new SignalsBody { Signals = [.. signals.Select(WireSignals.ToBody)] }, WireContext.Default.SignalsBody);
    }

    private static async ValueTask AcknowledgeAsync(HttpContext context, IGridClient client)
    {
        var body = await GridDoor.ReadAsync(context, SignalReader.ReadAcknowledge);
        var signal = await client.Signals.AcknowledgeAsync(RouteText.Of(context, "model"), body.Id, body.By, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireSignals.ToBody(signal), WireContext.Default.SignalBody);
    }

    private static async ValueTask GetAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context);
        var status = await client.Signals.GetMonitorAsync(RouteText.Of(context, "model"), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireSignals.ToBody(status), WireContext.Default.MonitorBody);
    }

    private static async ValueTask RetrainAsync(HttpContext context, IGridClient client)
    {
        var by = await GridDoor.ReadAsync(context, SignalReader.ReadRetrain);
        var verdict = await client.Signals.RetrainAsync(RouteText.Of(context, "model"), by, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireSignals.ToBody(verdict), WireContext.Default.RetrainBody);
    }
}
