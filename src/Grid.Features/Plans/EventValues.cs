namespace Grid.Features.Plans;

/// <summary>The fields of one event by ordinal, decoded: numbers as values, texts as ranges of the bytes they stand in. Reused for every event; not thread-safe.</summary>
internal sealed class EventValues
{
    private readonly double[] _numbers = new double[Definitions.ViewValidator.MaxFields];
    private readonly int[] _textStarts = new int[Definitions.ViewValidator.MaxFields];
    private readonly int[] _textLengths = new int[Definitions.ViewValidator.MaxFields];

    /// <summary>One bit for each field that is there.</summary>
    public ulong Present { get; private set; }

    public void Clear() => Present = 0;

    public bool Has(int field) => ((Present >> field) & 1) != 0;

    /// <summary>A number, or 0 or 1 for a truth value.</summary>
    public double Number(int field) => _numbers[field];

    /// <summary>The number, or NaN where the field is missing.</summary>
    public double NumberOrNaN(int field) => Has(field) ? _numbers[field] : double.NaN;

    public ReadOnlySpan<byte> Text(int field, ReadOnlySpan<byte> row) => row.Slice(_textStarts[field], _textLengths[field]);

    public void SetNumber(int field, double value)
    {
        _numbers[field] = value;
        Present |= 1UL << field;
    }

    public void SetText(int field, int start, int length)
    {
        _textStarts[field] = start;
        _textLengths[field] = length;
        Present |= 1UL << field;
    }

    public void Remove(int field) => Present &= ~(1UL << field);
}
