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

    private static Task LiveAsync(HttpContext context)
    {
        var health = context.RequestServices.GetRequiredService<ISiloHealth>();
        var isLive = health.IsLive;
        return JsonAnswer.WriteAsync(context, new HealthAnswer("live", isLive, health.GetVitals()), Write, isLive ? 200 : 503).AsTask();
    }

    private static Task ReadyAsync(HttpContext context)
    {
        var health = context.RequestServices.GetRequiredService<ISiloHealth>();
        var isReady = health.IsReady;
        return JsonAnswer.WriteAsync(context, new HealthAnswer("ready", isReady, health.GetConditions()), Write, isReady ? 200 : 503).AsTask();
    }

    private static void Write(Utf8JsonWriter writer, HealthAnswer answer)
    {
        writer.WriteStartObject();
        writer.WriteBoolean(answer.Question, answer.IsYes);
        writer.WriteBoolean("degraded"u8, answer.Conditions.Any(static c => !c.Holds));
        writer.WriteStartArray("conditions"u8);
        foreach (var condition in answer.Conditions)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, condition.Name);
            writer.WriteBoolean("holds"u8, condition.Holds);
            writer.WriteBoolean("required"u8, condition.IsRequired);
            writer.WriteString("detail"u8, condition.Detail);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }
}
