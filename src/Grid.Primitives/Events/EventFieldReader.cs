namespace Grid.Primitives;

/// <summary>Walks the fields of one event. A copy walks on its own.</summary>
public ref struct EventFieldReader
{
    private readonly ReadOnlySpan<byte> _fields;
    private readonly int _nameCount;
    private int _left;
    private int _at;

    internal EventFieldReader(ReadOnlySpan<byte> fields, int count, int nameCount)
    {
        _fields = fields;
        _left = count;
        _nameCount = nameCount;
    }

    /// <summary>Fields not yet walked.</summary>
    public readonly int Left => _left;

    /// <summary>Index of the field's name in the name table.</summary>
    public int NameIndex { get; private set; }

    public EventValueKind Kind { get; private set; }

    public double Number { get; private set; }

    public bool Bool { get; private set; }

    public ReadOnlySpan<byte> TextUtf8 { get; private set; }

    public bool MoveNext()
    {
        if (_left == 0)
        {
            return false;
        }

        _left--;
        NameIndex = EventBatchReader.ReadIndex(_fields, ref _at, _nameCount);
        Kind = (EventValueKind)EventBatchReader.ReadByte(_fields, ref _at);
        switch (Kind)
        {
            case EventValueKind.Number:
                Number = BitConverter.Int64BitsToDouble(EventBatchReader.ReadInt64(_fields, ref _at));
                break;
            case EventValueKind.Text:
                var length = EventBatchReader.ReadLength(_fields, ref _at);
                TextUtf8 = _fields.Slice(_at, length);
                _at += length;
                break;
            case EventValueKind.Bool:
                Bool = EventBatchReader.ReadByte(_fields, ref _at) != 0;
                break;
            case EventValueKind.Null:
                break;
            default:
                throw EventBatchReader.Corrupt($"value kind {(byte)Kind}");
        }

        return true;
    }
}
