using System.Text;
using Google.Protobuf.Reflection;

namespace Grid.Streams.Kafka;

/// <summary>One wanted field of a message.</summary>
internal sealed class ProtobufField(FieldDescriptor descriptor, PathNode node)
{
    private ProtobufPlan? _plan;

    public PathNode Node { get; } = node;

    public FieldType Type { get; } = descriptor.FieldType;

    public bool IsTimestamp { get; } = descriptor.FieldType == FieldType.Message && descriptor.MessageType.FullName == "google.protobuf.Timestamp" && node.IsWanted;

    /// <summary>The wire type that the schema calls for.</summary>
    public int Wire { get; } = descriptor.FieldType switch
    {
        FieldType.Double or FieldType.Fixed64 or FieldType.SFixed64 => 1,
        FieldType.Float or FieldType.Fixed32 or FieldType.SFixed32 => 5,
        FieldType.String or FieldType.Bytes or FieldType.Message => 2,
        _ => 0,
    };

    /// <summary>Names of an enum's values, as UTF-8; the first of those that share a number.</summary>
    public IReadOnlyDictionary<int, byte[]> Symbols { get; } = descriptor.FieldType == FieldType.Enum
        ? descriptor.EnumType.Values.GroupBy(v => v.Number).ToDictionary(g => g.Key, g => Encoding.UTF8.GetBytes(g.First().Name))
        : new Dictionary<int, byte[]>();

    /// <summary>The nested message, laid out when a value first has it: a message may contain itself.</summary>
    public ProtobufPlan Plan => _plan ??= new ProtobufPlan(descriptor.MessageType, Node);
}
