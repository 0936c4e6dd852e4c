using System.Text;
using Google.Protobuf.Reflection;

namespace Grid.Streams.Kafka;

/// <summary>The wanted fields of a message at one place, by number.</summary>
internal sealed class ProtobufPlan
{
    private readonly ProtobufField?[] _low = new ProtobufField?[64];
    private readonly Dictionary<int, ProtobufField> _high = [];
    private readonly List<(PathNode Node, ProtobufField Field)> _defaults = [];

    public ProtobufPlan(MessageDescriptor message, PathNode place)
    {
        foreach (var field in message.Fields.InDeclarationOrder())
        {
            if (field.IsRepeated || field.IsMap || field.FieldType is FieldType.Bytes or FieldType.Group || place.Child(Encoding.UTF8.GetBytes(field.Name)) is not { } node)
            {
                continue;
            }

            var entry = new ProtobufField(field, node);
            if (field.FieldNumber < _low.Length)
            {
                _low[field.FieldNumber] = entry;
            }
            else
            {
                _high[field.FieldNumber] = entry;
            }

            if (!field.HasPresence && field.FieldType != FieldType.Message && node.IsWanted)
            {
                _defaults.Add((node, entry));
            }
        }
    }

    /// <summary>Scalars that the format leaves out when they are zero.</summary>
    public IReadOnlyList<(PathNode Node, ProtobufField Field)> Defaults => _defaults;

    public ProtobufField? Find(int number) => (uint)number < (uint)_low.Length ? _low[number] : _high.GetValueOrDefault(number);
}
