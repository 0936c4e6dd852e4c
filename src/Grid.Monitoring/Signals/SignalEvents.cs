using System.Net.Mime;
using System.Text.Json;
using System.Text.Json.Serialization;
using CloudNative.CloudEvents;
using CloudNative.CloudEvents.SystemTextJson;

namespace Grid.Monitoring.Signals;

/// <summary>Signals as CloudEvents 1.0. Pure functions, thread-safe.</summary>
public static class SignalEvents
{
    /// <summary>Prefix of the event type: <c>grid.signal.prediction-drift.open</c>.</summary>
    public const string TypePrefix = "grid.signal.";

    /// <summary>Extension attribute with <see cref="Signal.DedupeKey"/>.</summary>
    public static readonly CloudEventAttribute DedupeKey = CloudEventAttribute.CreateExtension("dedupekey", CloudEventAttributeType.String);

    /// <summary>Extension attribute with the severity.</summary>
    public static readonly CloudEventAttribute Severity = CloudEventAttribute.CreateExtension("severity", CloudEventAttributeType.String);

    internal static readonly JsonSerializerOptions Json = new(JsonSerializerDefaults.Web)
    {
        DefaultIgnoreCondition = JsonIgnoreCondition.WhenWritingNull,
        NumberHandling = JsonNumberHandling.AllowNamedFloatingPointLiterals,
        Converters = { new JsonStringEnumConverter(JsonNamingPolicy.KebabCaseLower) },
    };

    /// <param name="signal">What to send.</param>
    /// <param name="source">Who says it: an absolute address of the grid, or a path such as <c>/grid/prod</c>.</param>
    /// <remarks>Sending the same state of a signal again gives the same event id, so that receivers can drop repeats.</remarks>
    public static CloudEvent ToCloudEvent(this Signal signal, Uri source)
    {
        var status = JsonNamingPolicy.KebabCaseLower.ConvertName(signal.Status.ToString());
        var data = new
        {
            signal.Type,
            signal.Severity,
            signal.Status,
            signal.Version.Workspace,
            signal.Version.Model,
            signal.Version.Version,
            Digest = signal.Digest.ToString(),
            signal.Tenant,
            signal.Evidence,
            signal.ProvisionalReference,
            signal.OpenedAt,
            signal.UpdatedAt,
            signal.AcknowledgedBy,
            signal.Explanation,
            Because = signal.Because.IsDefaultOrEmpty ? null : signal.Because.ToArray(),
            signal.DataSet,
            signal.DedupeKey,
        };
        var cloudEvent = new CloudEvent(CloudEventsSpecVersion.V1_0, [DedupeKey, Severity])
        {
            Id = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{signal.Id}/{status}/{signal.UpdatedAt.ToUnixTimeMilliseconds()}"),
            Source = source,
            Type = $"{TypePrefix}{JsonNamingPolicy.KebabCaseLower.ConvertName(signal.Type.ToString())}.{status}",
            Subject = signal.Evidence.Column is { } column ? $"{signal.Version}/{column}" : signal.Version.ToString(),
            Time = signal.UpdatedAt,
            DataContentType = MediaTypeNames.Application.Json,
            Data = JsonSerializer.SerializeToElement(data, Json),
        };
        cloudEvent[DedupeKey] = signal.DedupeKey;
        cloudEvent[Severity] = JsonNamingPolicy.KebabCaseLower.ConvertName(signal.Severity.ToString());
        return cloudEvent;
    }

    /// <summary>The event in structured JSON, content type <c>application/cloudevents+json</c>.</summary>
    public static byte[] ToJson(this Signal signal, Uri source) => new JsonEventFormatter(Json, default).EncodeStructuredModeMessage(signal.ToCloudEvent(source), out _).ToArray();

    internal static byte[] Store(Signal signal) => JsonSerializer.SerializeToUtf8Bytes(signal, Json);

    internal static Signal Restore(byte[] stored)
    {
        var signal = JsonSerializer.Deserialize<Signal>(stored, Json) ?? throw new InvalidDataException("a stored signal is empty");

        return Whole(signal);
    }

    /// <summary>The empty digest is written as a text and must be equal to itself again; a list that is left out is empty.</summary>
    internal static Signal Whole(Signal signal) => signal with { Digest = signal.Digest.IsEmpty ? default : signal.Digest, Because = signal.Because.IsDefaultOrEmpty ? [] : signal.Because };
}
