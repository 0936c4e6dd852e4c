using System.Buffers.Binary;
using System.Text;

namespace Grid.Chaos.Checking;

/// <summary>Reads the event rows of a log block, by what the format says; the views of <c>ChaosViews</c> are known here by their order alone.</summary>
internal ref struct BlockReader(ReadOnlySpan<byte> block)
{
    private const int HeaderBytes = 64;
    private const int SequenceAt = 8;
    private const int RowsAt = 24;

    // Kinds of the fields, in the order of names, of the event types, in the order of names.
    private static readonly string[][] s_fields = [["number", "text", "bool", "text", "number"], ["text", "text"], ["number"]];

    private readonly ReadOnlySpan<byte> _block = block;
    private int _at = HeaderBytes;

    public readonly long Sequence => BinaryPrimitives.ReadInt64LittleEndian(_block[SequenceAt..]);

    public List<LogEntry> Read()
    {
        var sources = new List<(string Feed, string Partition)>();
        var entries = new List<LogEntry>();
        for (var rows = BinaryPrimitives.ReadInt32LittleEndian(_block[RowsAt..]); rows > 0; rows--)
        {
            switch (Byte())
            {
                case 1: // a source
                    sources.Add((Text(), Text()));
                    break;
                case 2:
                    entries.Add(Event(sources));
                    break;
                case 3: // a mark
                    Varint();
                    Int64();
                    break;
                case 4: // set aside: source, sequence, verdict, reason, field, position, arrival, names, event
                    Varint();
                    Int64();
                    Byte();
                    Byte();
                    Text();
                    Int64();
                    Int64();
                    for (var names = Varint(); names > 0; names--)
                    {
                        Text();
                    }

                    Text();
                    break;
                case 5: // carried to the dead letters
                    Int64();
                    break;
                case 6: // other views
                    _at += 32;
                    break;
                case var kind:
                    throw new InvalidDataException($"Block {Sequence} has a row of kind {kind}.");
            }
        }

        return _at == _block.Length ? entries : throw new InvalidDataException($"Block {Sequence} has {_block.Length - _at} bytes after its rows.");
    }

    private LogEntry Event(List<(string Feed, string Partition)> sources)
    {
        var (feed, partition) = sources[(int)Varint()];
        var flags = Byte();
        var position = Int64();
        var time = Int64();
        var fields = s_fields[Varint()];
        Varint(); // the views that take it
        var key = default(UInt128);
        if ((flags & 1) != 0)
        {
            Int64();
            key = new UInt128((ulong)Int64(), (ulong)Int64());
            Varint();
        }

        var present = Varint();
        for (var field = 0; field < fields.Length; field++)
        {
            if ((present & (1UL << field)) == 0)
            {
                continue;
            }

            switch (fields[field])
            {
                case "number":
                    Int64();
                    break;
                case "bool":
                    Byte();
                    break;
                default:
                    Text();
                    break;
            }
        }

        return new LogEntry(feed, partition, position, time, key);
    }

    private byte Byte() => _block[_at++];

    private long Int64()
    {
        _at += 8;
        return BinaryPrimitives.ReadInt64LittleEndian(_block[(_at - 8)..]);
    }

    private ulong Varint()
    {
        ulong value = 0;
        for (var shift = 0; ; shift += 7)
        {
            var next = Byte();
            value |= (ulong)(next & 0x7f) << shift;
            if (next < 0x80)
            {
                return value;
            }
        }
    }

    private string Text()
    {
        var length = (int)Varint();
        _at += length;
        return Encoding.UTF8.GetString(_block.Slice(_at - length, length));
    }
}
