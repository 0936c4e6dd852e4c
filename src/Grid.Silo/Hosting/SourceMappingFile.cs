using Grid.Primitives;
using Grid.Streams.Kafka;

namespace Grid.Silo.Hosting;

/// <summary>The mapping of a <see cref="SourceFile"/>.</summary>
internal sealed class SourceMappingFile
{
    /// <summary><c>json</c>, <c>avro</c> or <c>protobuf</c>.</summary>
    public string Format { get; set; } = "json";

    /// <summary><c>constant:departure</c>, <c>field:type</c>, <c>header:type</c> or <c>key</c>.</summary>
    public string? Type { get; set; }

    /// <summary>In the same forms.</summary>
    public string? Tenant { get; set; }

    /// <summary>Path of the event time; left out: the record's time stamp.</summary>
    public string? Time { get; set; }

    /// <summary><c>milliseconds</c>, <c>seconds</c> or <c>iso</c>.</summary>
    public string TimeFormat { get; set; } = "milliseconds";

    /// <summary>Paths of the fields to take, each <c>path</c> or <c>path as name</c>; left out: all scalars.</summary>
    public IList<string>? Fields { get; set; }

    public bool TombstonesAreFaults { get; set; }

    public string? DescriptorSet { get; set; }

    public string? MessageType { get; set; }

    public bool HasConfluentFraming { get; set; } = true;

    public RecordMapping ToMapping(string path) => new()
    {
        Format = Of<RecordFormat>($"{path}.format", Format),
        Type = Type is null ? null : ValueSource.Parse(Type),
        Tenant = Tenant is null ? null : ValueSource.Parse(Tenant),
        TimeField = Time,
        TimeFormat = Of<TimeFormat>($"{path}.time_format", TimeFormat),
        Fields = Fields is null ? null : [.. Fields.Select(FieldOf)],
        TombstonesAreFaults = TombstonesAreFaults,
        DescriptorSet = DescriptorSet,
        MessageType = MessageType,
        HasConfluentFraming = HasConfluentFraming,
    };

    private static FieldMapping FieldOf(string text) =>
        text.Split(" as ", 2, StringSplitOptions.TrimEntries) is [var path, var name] ? new FieldMapping(path, name) : new FieldMapping(text.Trim());

    private static T Of<T>(string path, string text)
        where T : struct, Enum =>
        Enum.GetNames<T>().FirstOrDefault(name => string.Equals(name, text, StringComparison.OrdinalIgnoreCase)) is { } found
            ? Enum.Parse<T>(found)
            : throw GridError.Invalid(path, $"is '{text}'.", $"Use {string.Join(", ", Enum.GetNames<T>()).ToLowerInvariant()}.").ToException();
}
