using System.Text;
using System.Text.Json;
using Grid.Chaos.Workload;

namespace Grid.Chaos.Checking;

/// <summary>A record of the topic, understood: an event of a tenant, or the reason for which the reader of its partition must set it aside.</summary>
/// <param name="Record">Where it stands.</param>
/// <param name="Tenant">Empty where it is set aside.</param>
/// <param name="Event">Null where it is set aside by its reader or by its shard, and where no view takes its type.</param>
/// <param name="ReaderFault">The reason in the dead letters, set in front of the shards.</param>
/// <param name="ShardFault">The reason in the dead letters, set by the shard.</param>
internal sealed record PlainRecord(TopicRecord Record, string Tenant, EventFields? Event, string? ReaderFault = null, string? ShardFault = null)
{
    private static readonly string[] s_texts = ["id", "shop", "page"];
    private static readonly string[] s_numbers = ["amount", "weight"];

    public static PlainRecord Parse(TopicRecord record)
    {
        JsonElement json;
        try
        {
            json = JsonDocument.Parse(record.Value).RootElement;
        }
        catch (JsonException)
        {
            return Fault("Malformed");
        }

        var tenant = Encoding.UTF8.GetString(record.Key);
        if (!json.TryGetProperty("type", out var type))
        {
            return Fault("MissingType");
        }

        if (tenant.Contains(' ', StringComparison.Ordinal))
        {
            return Fault("InvalidName");
        }

        if (!json.TryGetProperty("t", out var time))
        {
            return Fault("MissingTime");
        }

        if (time.ValueKind != JsonValueKind.Number)
        {
            return Fault("InvalidTime");
        }

        if (type.GetString() is not ("buy" or "look" or "visit"))
        {
            return new PlainRecord(record, tenant, null);
        }

        if (s_numbers.Any(n => json.TryGetProperty(n, out var v) && v.ValueKind != JsonValueKind.Number) || s_texts.Any(n => json.TryGetProperty(n, out var v) && v.ValueKind != JsonValueKind.String))
        {
            return new PlainRecord(record, tenant, null, ShardFault: "WrongKind");
        }

        var e = new EventFields(type.GetString()!, time.GetInt64(), Text("id"), Number("amount"), Number("weight"), Text("shop"), json.TryGetProperty("ok", out var ok) ? ok.GetBoolean() : null, Text("page"));
        return e.Type != "visit" && string.IsNullOrEmpty(e.Id) ? new PlainRecord(record, tenant, null, ShardFault: "MissingKey") : new PlainRecord(record, tenant, e);

        PlainRecord Fault(string reason) => new(record, "", null, ReaderFault: reason);
        string? Text(string name) => json.TryGetProperty(name, out var v) ? v.GetString() : null;
        double? Number(string name) => json.TryGetProperty(name, out var v) ? v.GetDouble() : null;
    }
}
