using System.Net.Mime;
using System.Text.Json;
using System.Text.Json.Serialization;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;

namespace Grid.Monitoring.Signals;

/// <summary>How events are written: CloudEvents 1.0 in structured JSON, content type <c>application/cloudevents+json</c>. Pure functions, thread-safe.</summary>
public static class CloudEventJson
{
    /// <summary>Of the data of events.</summary>
    public static JsonSerializerOptions Options { get; } = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <summary>An event without attributes of its own.</summary>
    /// <param name="id">Equal for events that tell the same, so that receivers can drop repeats.</param>
    /// <param name="source">Who says it.</param>
    /// <param name="type">What it is: <c>grid.model.rollout-promote</c>.</param>
    /// <param name="subject">What it is about.</param>
    /// <param name="time">When it happened.</param>
    /// <param name="data">The rest.</param>
    public static byte[] Write(string id, Uri source, string type, string subject, DateTimeOffset time, JsonElement data) => Write(new CloudEvent(CloudEventsSpecVersion.V1_0)
    {
        Id = id,
        Source = source,
        Type = type,
        Subject = subject,
        Time = time,
        DataContentType = MediaTypeNames.Application.Json,
        Data = data,
    });

    internal static byte[] Write(CloudEvent what) => new JsonEventFormatter(Options, default).EncodeStructuredModeMessage(what, out _).ToArray();
}
