using System.Buffers.Text;
using System.Text.Unicode;
using Grid.Primitives;

namespace Grid.Streams.Kafka;

/// <summary>The fields of the record being decoded: nothing reaches the event batch before the whole record is known to be good. Reused from record to record; not thread-safe.</summary>
internal sealed class FieldStage(int maxFields)
{
    /// <summary>Beyond this a 64-bit float skips integers.</summary>
    private const long MaxExact = 1L << 53;

    private readonly TextCache _texts = new();
    private Slot[] _slots = new Slot[16];
    private byte[] _text = new byte[256];
    private int _count;
    private int _textUsed;
    private long _stamp;

    public void Restart()
    {
        _stamp++;
        _count = 0;
        _textUsed = 0;
    }

    public void Null(PathNode node) => Add(node).Kind = EventValueKind.Null;

    public void Bool(PathNode node, bool value)
    {
        ref var slot = ref Add(node);
        slot.Kind = EventValueKind.Bool;
        slot.Integer = value ? 1 : 0;
    }

    /// <exception cref="RecordFormatException">The number is not finite.</exception>
    public void Number(PathNode node, double value)
    {
        if (!double.IsFinite(value))
        {
            throw RecordFormatException.Malformed($"field '{node.Path}' is no finite number.");
        }

        ref var slot = ref Add(node);
        slot.Kind = EventValueKind.Number;
        slot.Number = value;
        slot.IsInteger = false;
    }

    /// <summary>An integer; beyond 2^53 it is taken as text, digit for digit, as two card numbers must not become one float.</summary>
    public void Integer(PathNode node, long value)
    {
        ref var slot = ref Add(node);
        if (value is >= -MaxExact and <= MaxExact)
        {
            slot.Kind = EventValueKind.Number;
            slot.Number = value;
        }
        else
        {
            Span<byte> digits = stackalloc byte[20];
            Utf8Formatter.TryFormat(value, digits, out var length);
            Store(ref slot, digits[..length]);
        }

        slot.Integer = value;
        slot.IsInteger = true;
    }

    public void Unsigned(PathNode node, ulong value)
    {
        if (value <= long.MaxValue)
        {
            Integer(node, (long)value);
            return;
        }

        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(value, digits, out var length);
        Store(ref Add(node), digits[..length]);
    }

    /// <summary>A point in time of a type that says so itself.</summary>
    public void Instant(PathNode node, long unixMs)
    {
        Integer(node, unixMs);
        _slots[node.Slot].IsInstant = true;
    }

    /// <exception cref="RecordFormatException">The text is not UTF-8.</exception>
    public void Text(PathNode node, ReadOnlySpan<byte> utf8)
    {
        if (!Utf8.IsValid(utf8))
        {
            throw RecordFormatException.Malformed($"field '{node.Path}' is not UTF-8.");
        }

        Store(ref Add(node), utf8);
    }

    public bool Has(PathNode node) => node.Stamp == _stamp && _slots[node.Slot].Kind != EventValueKind.Null;

    /// <summary>A field as the name of a type or a tenant: text, or the digits of an integer.</summary>
    public string? NameOf(PathNode node)
    {
        if (!Has(node))
        {
            return null;
        }

        ref var slot = ref _slots[node.Slot];
        if (slot.Kind == EventValueKind.Text)
        {
            return _texts.Get(_text.AsSpan(slot.TextAt, slot.TextLength));
        }

        if (slot.Kind != EventValueKind.Number || !slot.IsInteger)
        {
            return null;
        }

        Span<byte> digits = stackalloc byte[20];
        Utf8Formatter.TryFormat(slot.Integer, digits, out var length);
        return _texts.Get(digits[..length]);
    }

    public string NameOf(ReadOnlySpan<byte> utf8) => _texts.Get(utf8);

    /// <summary>A field as Unix milliseconds, or null where it cannot be read so.</summary>
    public long? TimeOf(PathNode node, TimeFormat format)
    {
        ref var slot = ref _slots[node.Slot];
        if (slot.IsInstant)
        {
            return EventTimes.InRange(slot.Integer);
        }

        return slot.Kind switch
        {
            EventValueKind.Number => EventTimes.FromNumber(slot.Number, slot.IsInteger ? slot.Integer : null, format),
            EventValueKind.Text => EventTimes.FromText(_text.AsSpan(slot.TextAt, slot.TextLength), format),
            _ => null,
        };
    }

    /// <summary>Writes the taken fields into the event that the builder has begun.</summary>
    public void WriteTo(EventBatchBuilder builder)
    {
        foreach (ref readonly var slot in _slots.AsSpan(0, _count))
        {
            if (!slot.Node.IsTaken)
            {
                continue;
            }

            _ = slot.Kind switch
            {
                EventValueKind.Number => builder.Field(slot.Node.Name, slot.Number),
                EventValueKind.Text => builder.Field(slot.Node.Name, _texts.Get(_text.AsSpan(slot.TextAt, slot.TextLength))),
                EventValueKind.Bool => builder.Field(slot.Node.Name, slot.Integer != 0),
                _ => builder.FieldNull(slot.Node.Name),
            };
        }
    }

    /// <summary>The slot of a node; the last of two values wins, as in JSON and Protobuf.</summary>
    private ref Slot Add(PathNode node)
    {
        if (node.Stamp != _stamp)
        {
            if (_count == maxFields)
            {
                throw new RecordFormatException(RecordFaultReason.TooManyFields, $"the value has more than {maxFields} fields; name those to take in the mapping.");
            }

            if (_count == _slots.Length)
            {
                Array.Resize(ref _slots, _count * 2);
            }

            node.Stamp = _stamp;
            node.Slot = _count++;
        }

        ref var slot = ref _slots[node.Slot];
        slot = new Slot { Node = node };
        return ref slot;
    }

    private void Store(ref Slot slot, ReadOnlySpan<byte> utf8)
    {
        if (utf8.Length > _text.Length - _textUsed)
        {
            Array.Resize(ref _text, Math.Max(_text.Length * 2, _textUsed + utf8.Length));
        }

        utf8.CopyTo(_text.AsSpan(_textUsed));
        slot.Kind = EventValueKind.Text;
        slot.TextAt = _textUsed;
        slot.TextLength = utf8.Length;
        _textUsed += utf8.Length;
    }

    private struct Slot
    {
        public PathNode Node;
        public EventValueKind Kind;
        public double Number;
        public long Integer;
        public int TextAt;
        public int TextLength;
        public bool IsInteger;
        public bool IsInstant;
    }
}
