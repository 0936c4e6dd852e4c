using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>How the records of a topic become events. Position is the record's offset, arrival its time stamp.</summary>
public sealed class RecordMapping
{
    /// <summary>Default JSON.</summary>
    public RecordFormat Format { get; set; } = RecordFormat.Json;

    /// <summary>Where the event type stands. Required.</summary>
    public ValueSource? Type { get; set; }

    /// <summary>Where the tenant stands. Required.</summary>
    public ValueSource? Tenant { get; set; }

    /// <summary>Path of the event time; null (default): the record's time stamp.</summary>
    public string? TimeField { get; set; }

    /// <summary>How the time is written, where it is a field of a type without one of its own (Avro's and Protobuf's time stamps have one). Default milliseconds.</summary>
    public TimeFormat TimeFormat { get; set; } = TimeFormat.Milliseconds;

    /// <summary>The fields to take; null (default): all scalars, those of nested records too.</summary>
    public IReadOnlyList<FieldMapping>? Fields { get; set; }

    /// <summary>True: a record without a value (a tombstone) is a fault. Default false: it is passed over, as it states no fact.</summary>
    public bool TombstonesAreFaults { get; set; }

    /// <summary>Largest value. Default 1 MiB; 1 byte to 64 MiB.</summary>
    public int MaxValueBytes { get; set; } = 1 << 20;

    /// <summary>Most fields of one event. Default 256; 1 to 4096.</summary>
    public int MaxFields { get; set; } = 256;

    /// <summary>For Protobuf: a file with a FileDescriptorSet (<c>protoc --include_imports --descriptor_set_out</c>).</summary>
    public string? DescriptorSet { get; set; }

    /// <summary>For Protobuf: full name of the message.</summary>
    public string? MessageType { get; set; }

    /// <summary>For Protobuf: whether values begin with Confluent's framing. Default true.</summary>
    public bool HasConfluentFraming { get; set; } = true;

    /// <summary>All that is wrong, with paths that begin at <paramref name="path"/>.</summary>
    public IReadOnlyList<GridError> Check(string path = "mapping")
    {
        var check = new OptionsCheck(path);
        check.That(Enum.IsDefined(Format), "format", $"is {(int)Format}.", "Use json, avro or protobuf.");
        check.That(Enum.IsDefined(TimeFormat), "timeFormat", $"is {(int)TimeFormat}.", "Use milliseconds, seconds or iso.");
        check.That(Type is not null, "type", "is missing.", "Say where the event type stands, for example constant:departure or field:type.");
        check.That(Tenant is not null, "tenant", "is missing.", "Say where the tenant stands, for example header:tenant or constant:acme.");
        Type?.Check(check, "type", "event type");
        Tenant?.Check(check, "tenant", "tenant");
        check.That(TimeField is null || PathNode.IsPath(TimeField), "timeField", $"is the path '{TimeField}'.", "Give names joined by single dots, or leave it out for the record's time stamp.");
        check.Range("maxValueBytes", MaxValueBytes, 1, 64 << 20);
        check.Range("maxFields", MaxFields, 1, 4096);
        CheckFields(check);
        if (Format == RecordFormat.Protobuf)
        {
            check.That(!string.IsNullOrEmpty(MessageType), "messageType", "is missing, and Protobuf needs it.", "Give the full name of the message, package included.");
            check.That(DescriptorSet is not null && File.Exists(DescriptorSet), "descriptorSet", DescriptorSet is null ? "is missing, and Protobuf needs it." : $"is '{DescriptorSet}', which does not exist.", "Give the path of a file made by protoc --include_imports --descriptor_set_out.");
        }

        return check.Errors;
    }

    private void CheckFields(OptionsCheck check)
    {
        if (Fields is null)
        {
            return;
        }

        check.That(Fields.Count > 0, "fields", "is empty.", "Leave it out to take all scalars.");
        check.That(Fields.Count <= MaxFields, "fields", $"has {Fields.Count} entries, and an event may have {MaxFields}.", "Take fewer, or raise maxFields.");
        var names = new HashSet<string>(StringComparer.Ordinal);
        var paths = new HashSet<string>(StringComparer.Ordinal);
        for (var i = 0; i < Fields.Count; i++)
        {
            var field = Fields[i];
            check.That(PathNode.IsPath(field.Path), $"fields[{i}].path", $"is '{field.Path}'.", "Give names joined by single dots.");
            check.That(paths.Add(field.Path), $"fields[{i}].path", $"is '{field.Path}', as one before.", "Take each field once.");
            check.That(names.Add(field.Name ?? PathNode.NameOf(field.Path)), $"fields[{i}].name", $"is '{field.Name ?? PathNode.NameOf(field.Path)}', as one before.", "Give each field a name of its own.");
        }
    }
}
