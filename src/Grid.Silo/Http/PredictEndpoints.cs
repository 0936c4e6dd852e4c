using Grid.Client;
using Grid.Client.Wire;
using Grid.Silo.Http.OpenApi;
using Grid.Silo.Http.Reading;

namespace Grid.Silo.Http;

/// <summary>Predictions by entity. This is the request path: read and written by hand, nothing bound by reflection.</summary>
internal static class PredictEndpoints
{
    public static void Map(IEndpointRouteBuilder tenant)
    {
        tenant.Post("predict/{model}", PredictAsync, "Predict", "Predicts for one entity, in the process that holds its features.")
            .Takes<PredictBody>().Gives<PredictionBody>();
        tenant.Post("predict-many/{model}", PredictManyAsync, "PredictMany", "Predicts for many entities; each is answered or carries its own error.")
            .Takes<PredictManyBody>().Gives<PredictManyAnswerBody>();
    }

    private static async ValueTask PredictAsync(HttpContext context, IGridClient client)
    {
        var tenant = RouteText.Of(context, "tenant");
        var model = RouteText.Of(context, "model");
        var command = await GridDoor.ReadAsync(context, PredictReader.Read);
        var prediction = await client.PredictAsync(model, tenant, command.Entity, command.Values, command.AsOf, command.Options, context.RequestAborted);
        if (prediction.Error is { } error)
        {
            throw error.ToException();
        }

        await JsonAnswer.WriteAsync(context, prediction, WirePredictions.Write);
    }

    private static async ValueTask PredictManyAsync(HttpContext context, IGridClient client)
    {
        var tenant = RouteText.Of(context, "tenant");
        var model = RouteText.Of(context, "model");
        var maxItems = GridDoor.LimitsOf(context).MaxPredictItems;
        var command = await GridDoor.ReadAsync(context, (ref cursor) => PredictReader.ReadMany(ref cursor, maxItems));
        var predictions = await client.PredictManyAsync(model, tenant, command.Items, command.AsOf, command.Options, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, predictions, static (writer, answers) =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("predictions"u8);
            foreach (var answer in answers)
            {
                WirePredictions.Write(writer, answer);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }
}
