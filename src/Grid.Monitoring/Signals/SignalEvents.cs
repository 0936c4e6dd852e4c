using System.Net.Mime;
using System.Text.Json;
using CloudNative.CloudEvents;

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

    /// <summary>Type of the event that tells a state of a signal.</summary>
    public static string TypeOf(Signal signal) => $"{TypePrefix}{NameOf(signal.Type)}.{NameOf(signal.Status)}";

    /// <param name="signal">What to send.</param>
    /// <param name="source">Who says it: an absolute address of the grid, or a path such as <c>/grid/prod</c>.</param>
    /// <remarks>Sending the same state of a signal again gives the same event id, so that receivers can drop repeats.</remarks>
    public static CloudEvent ToCloudEvent(this Signal signal, Uri source)
    {
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
            Id = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"{signal.Id}/{NameOf(signal.Status)}/{signal.UpdatedAt.ToUnixTimeMilliseconds()}"),
            Source = source,
            Type = TypeOf(signal),
            Subject = signal.Evidence.Column is { } column ? $"{signal.Version}/{column}" : signal.Version.ToString(),
            Time = signal.UpdatedAt,
            DataContentType = MediaTypeNames.Application.Json,
            Data = JsonSerializer.SerializeToElement(data, CloudEventJson.Options),
        };
        cloudEvent[DedupeKey] = signal.DedupeKey;
        cloudEvent[Severity] = NameOf(signal.Severity);
        return cloudEvent;
    }

    /// <summary>The event in structured JSON, content type <c>application/cloudevents+json</c>.</summary>
    public static byte[] ToJson(this Signal signal, Uri source) => CloudEventJson.Write(signal.ToCloudEvent(source));

    internal static byte[] Store(Signal signal) => JsonSerializer.SerializeToUtf8Bytes(signal, CloudEventJson.Options);

    internal static Signal Restore(byte[] stored)
    {
        var signal = JsonSerializer.Deserialize<Signal>(stored, CloudEventJson.Options) ?? throw new InvalidDataException("a stored signal is empty");

        return Whole(signal);
    }

    /// <summary>The empty digest is written as a text and must be equal to itself again; a list that is left out is empty.</summary>
    internal static Signal Whole(Signal signal) => signal with { Digest = signal.Digest.IsEmpty ? default : signal.Digest, Because = signal.Because.IsDefaultOrEmpty ? [] : signal.Because };

    private static string NameOf<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.KebabCaseLower.ConvertName(value.ToString());
}
