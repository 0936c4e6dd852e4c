using Grid.Client;
using Grid.Client.Wire;
using Grid.Silo.Http.OpenApi;

namespace Grid.Silo.Http;

/// <summary>Predictions that were logged.</summary>
internal static class LoggedPredictionEndpoints
{
    public static void Map(IEndpointRouteBuilder workspace, IEndpointRouteBuilder tenant)
    {
        workspace.Get("predictions/{id}", GetAsync, "GetPrediction", "A logged prediction with the vector that the model saw.").Gives<PredictionRecordBody>();
        workspace.Post("predictions/{id}/replay", ReplayAsync, "ReplayPrediction", "Computes a logged prediction again from its vector and compares the two bit by bit.").Gives<ReplayBody>();
        tenant.Delete("predictions", EraseAsync, "ErasePredictions", "Takes the tenant, or one of its entities, out of the log of predictions, the outcomes and the training sets, which are deleted where they have rows of it.")
            .Asks("entity", "Key of the entity; default all of them.")
            .Gives<ErasedBody>();
    }

    private static async ValueTask GetAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context);
        var record = await client.Predictions.GetAsync(IdOf(context), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireRecords.ToBody(record), WireContext.Default.PredictionRecordBody);
    }

    private static async ValueTask ReplayAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context);
        var replay = await client.Predictions.ReplayAsync(IdOf(context), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireRecords.ToBody(replay), WireContext.Default.ReplayBody);
    }

    private static async ValueTask EraseAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context, "entity");
        var erased = await client.Predictions.EraseAsync(RouteText.Of(context, "tenant"), RouteText.QueryOf(context, "entity"), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, new ErasedBody { Predictions = erased.Predictions, Outcomes = erased.Outcomes, Datasets = erased.Datasets }, WireContext.Default.ErasedBody);
    }

    /// <summary>Longer than a name may be; the log says what is no id.</summary>
    private static string IdOf(HttpContext context) => (string)context.Request.RouteValues["id"]!;
}
