using System.Text.Json;
using Grid.Streams.Kafka;

namespace Grid.Grains.Ingestion;

/// <summary>A mapping of records in stored form. Stored beside the frontier: never rename a member.</summary>
internal sealed record MappingEntry(
    RecordFormat Format,
    string Type,
    string Tenant,
    string? TimeField,
    TimeFormat TimeFormat,
    IReadOnlyList<FieldMapping>? Fields,
    bool TombstonesAreFaults,
    int MaxValueBytes,
    int MaxFields,
    string? DescriptorSet,
    string? MessageType,
    bool HasConfluentFraming)
{
    public static MappingEntry Of(RecordMapping mapping) => new(
        mapping.Format,
        mapping.Type!.ToString(),
        mapping.Tenant!.ToString(),
        mapping.TimeField,
        mapping.TimeFormat,
        mapping.Fields,
        mapping.TombstonesAreFaults,
        mapping.MaxValueBytes,
        mapping.MaxFields,
        mapping.DescriptorSet,
        mapping.MessageType,
        mapping.HasConfluentFraming);

    public RecordMapping ToMapping() => new()
    {
        Format = Format,
        Type = ValueSource.Parse(Type),
        Tenant = ValueSource.Parse(Tenant),
        TimeField = TimeField,
        TimeFormat = TimeFormat,
        Fields = Fields,
        TombstonesAreFaults = TombstonesAreFaults,
        MaxValueBytes = MaxValueBytes,
        MaxFields = MaxFields,
        DescriptorSet = DescriptorSet,
        MessageType = MessageType,
        HasConfluentFraming = HasConfluentFraming,
    };

    /// <summary>By content: records compare lists by reference.</summary>
    public bool IsSameAs(MappingEntry other) =>
        JsonSerializer.Serialize(this, IngestJson.Default.MappingEntry) == JsonSerializer.Serialize(other, IngestJson.Default.MappingEntry);
}
