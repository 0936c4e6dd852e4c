using System.Text.Json;
using System.Text.Json.Serialization;
using Grid.Monitoring.Signals;

namespace Grid.Grains.ModelEvents;

/// <summary>Stored: what has been told of a model, and what must still go out.</summary>
/// <param name="Format">1.</param>
/// <param name="Told">What there was when events were last written down.</param>
/// <param name="Pending">Events that some sinks do not have yet, oldest first.</param>
/// <param name="Number">Of the last event.</param>
/// <param name="Dropped">Events that were given up, or were no longer known when they were looked for.</param>
internal sealed record ModelEventsDocument(int Format, ToldOfModel Told, PendingEvent<ModelEvent>[] Pending, long Number, long Dropped)
{
    public const int CurrentFormat = 1;
}

/// <summary>The JSON of these documents. Unknown members are refused: a silo that is older than the document must fail by name, not lose fields.</summary>
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.SnakeCaseLower, UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow)]
[JsonSerializable(typeof(ModelEventsDocument))]
internal sealed partial class ModelEventsJson : JsonSerializerContext;
