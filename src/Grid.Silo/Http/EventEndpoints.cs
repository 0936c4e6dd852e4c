using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Wire;
using Grid.Silo.Http.OpenApi;
using Grid.Silo.Http.Reading;

namespace Grid.Silo.Http;

/// <summary>Events in: pushes by key, deliveries by position, and outcomes.</summary>
internal static class EventEndpoints
{
    public static void Map(IEndpointRouteBuilder tenant)
    {
        tenant.Post("events", AppendAsync, "AppendEvents", "Appends events with idempotency keys; answered per event, in order. Safe to repeat.")
            .Takes<AppendBody>().Gives<AppendAnswerBody>();
        tenant.Post("outcomes", ReportAsync, "ReportOutcomes", "Reports the truth about predictions; each is judged for itself, answered in order once stored. Safe to repeat.")
            .Takes<OutcomesBody>().Gives<OutcomesAnswerBody>();
        tenant.Post("shards/{shard}/deliveries", DeliverAsync, "Deliver", "Delivers events of one partition of a source; answered when applied, with both marks.")
            .Takes<DeliveryBody>().Gives<DeliveryAnswerBody>();
        tenant.Get("shards/{shard}/marks", MarksAsync, "GetMarks", "The marks of one (feed, partition) in one shard.")
            .Asks("feed", "The feed.", isRequired: true).Asks("partition", "The partition.", isRequired: true).Gives<MarksBody>();
        tenant.Post("shards/{shard}/flush", FlushAsync, "Flush", "Answers when everything applied before is durable.")
            .GivesNothing();
    }

    private static async ValueTask AppendAsync(HttpContext context, IGridClient client)
    {
        var tenant = RouteText.Of(context, "tenant");
        var maxEvents = GridDoor.LimitsOf(context).MaxEvents;
        var command = await GridDoor.ReadAsync(context, (ref cursor) => AppendReader.Read(ref cursor, maxEvents));
        IReadOnlyList<EventAnswer> answers = command.Events.Count == 0
            ? []
            : await client.AppendAsync(tenant, command.Events, command.Ack, context.RequestAborted);
        var body = new AppendAnswerBody { Answers = [.. command.Merge(answers).Select(WireEvents.ToBody)] };
        await JsonAnswer.WriteAsync(context, body, WireContext.Default.AppendAnswerBody);
    }

    private static async ValueTask ReportAsync(HttpContext context, IGridClient client)
    {
        var tenant = RouteText.Of(context, "tenant");
        var maxOutcomes = GridDoor.LimitsOf(context).MaxEvents;
        var outcomes = await GridDoor.ReadAsync(context, (ref cursor) => OutcomesReader.Read(ref cursor, maxOutcomes));
        var answers = await client.ReportOutcomeAsync(tenant, outcomes, context.RequestAborted);
        var body = new OutcomesAnswerBody { Answers = [.. answers.Select(WireOutcomes.ToBody)] };
        await JsonAnswer.WriteAsync(context, body, WireContext.Default.OutcomesAnswerBody);
    }

    private static async ValueTask DeliverAsync(HttpContext context, IGridClient client)
    {
        var tenant = RouteText.Of(context, "tenant");
        var shard = RouteText.ShardOf(context);
        var maxEvents = GridDoor.LimitsOf(context).MaxEvents;
        var delivery = await GridDoor.ReadAsync(context, (ref cursor) => DeliveryReader.Read(ref cursor, maxEvents));
        var answer = await client.Sources.DeliverAsync(tenant, shard, delivery, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireEvents.ToBody(answer), WireContext.Default.DeliveryAnswerBody);
    }

    private static async ValueTask MarksAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context, "feed", "partition");
        var marks = await client.Sources.GetMarksAsync(
            RouteText.Of(context, "tenant"),
            RouteText.ShardOf(context),
            RouteText.RequireQuery(context, "feed"),
            RouteText.RequireQuery(context, "partition"),
            context.RequestAborted);
        await JsonAnswer.WriteAsync(context, new MarksBody { Applied = marks.Applied, Durable = marks.Durable }, WireContext.Default.MarksBody);
    }

    private static async ValueTask FlushAsync(HttpContext context, IGridClient client)
    {
        await client.Sources.FlushAsync(RouteText.Of(context, "tenant"), RouteText.ShardOf(context), context.RequestAborted);
        context.Response.StatusCode = StatusCodes.Status204NoContent;
    }
}
