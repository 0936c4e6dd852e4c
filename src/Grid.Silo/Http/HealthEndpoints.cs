using System.Text.Json;
using Grid.Silo.Health;

namespace Grid.Silo.Http;

/// <summary>What probes ask: alive, and ready for traffic.</summary>
internal static class HealthEndpoints
{
    public static void Map(IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/healthz/live", LiveAsync);
        endpoints.MapGet("/healthz/ready", ReadyAsync);
    }

    /// <summary>True where every condition holds.</summary>
    public static bool IsReady(IReadOnlyList<HealthCondition> conditions) => conditions.All(static c => c.Holds);

    private static Task LiveAsync(HttpContext context)
    {
        var live = context.RequestServices.GetRequiredService<ISiloHealth>().IsLive;
        return JsonAnswer.WriteAsync(
            context,
            live,
            static (writer, isLive) =>
            {
                writer.WriteStartObject();
                writer.WriteBoolean("live"u8, isLive);
                writer.WriteEndObject();
            },
            live ? 200 : 503).AsTask();
    }

    private static Task ReadyAsync(HttpContext context)
    {
        var health = context.RequestServices.GetRequiredService<ISiloHealth>();
        var conditions = health.GetConditions();
        return JsonAnswer.WriteAsync(context, conditions, WriteConditions, health.IsLive && IsReady(conditions) ? 200 : 503).AsTask();
    }

    private static void WriteConditions(Utf8JsonWriter writer, IReadOnlyList<HealthCondition> conditions)
    {
        writer.WriteStartObject();
        writer.WriteBoolean("ready"u8, IsReady(conditions));
        writer.WriteStartArray("conditions"u8);
        foreach (var condition in conditions)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, condition.Name);
            writer.WriteBoolean("holds"u8, condition.Holds);
            writer.WriteString("detail"u8, condition.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
