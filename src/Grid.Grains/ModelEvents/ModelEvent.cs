using System.Text.Json;
using System.Text.Json.Serialization;
using Grid.Monitoring.Signals;

namespace Grid.Grains.ModelEvents;

/// <summary>Something that happened to a model: a version came or was retired, a step of its rollout, an alias or a tag. Immutable.</summary>
/// <param name="Id">Equal for events that tell the same.</param>
/// <param name="Type">Begins with <see cref="TypePrefix"/>.</param>
/// <param name="Model"><c>workspace/model</c>.</param>
/// <param name="Version">The version it is about; null where it is about none in particular.</param>
/// <param name="AtMs">When it happened, or was noticed where nobody wrote down when; Unix milliseconds.</param>
/// <param name="Data">The rest, as the event carries it.</param>
internal sealed record ModelEvent(string Id, string Type, string Model, string? Version, long AtMs, JsonElement Data)
{
    public const string TypePrefix = "grid.model.";

    /// <summary>What it is about.</summary>
    [JsonIgnore]
    public string Subject => Version is null ? Model : $"{Model}/{Version}";

    /// <summary>The CloudEvent in structured JSON.</summary>
    public byte[] ToJson(Uri source) => CloudEventJson.Write(Id, source, Type, Subject, DateTimeOffset.FromUnixTimeMilliseconds(AtMs), Data);
}
