using Grid.Monitoring.Formats;
using Grid.Primitives;

namespace Grid.Monitoring.Sketches;

/// <summary>Sketches of all features and outputs of a version over some stretch of time: merged by addition, fixed memory. Not thread-safe.</summary>
public sealed class SketchSet
{
    private const string Magic = "GSKS";
    private const byte Format = 1;

    private readonly ColumnSketch[] _columns;

    /// <param name="layout">The columns.</param>
    /// <param name="detailed">Quantiles and distinct values too: for a whole model, not for each of its tenants.</param>
    public SketchSet(SketchLayout layout, bool detailed = true)
        : this(layout, detailed, [.. layout.Columns.Select(c => new ColumnSketch(c, detailed))]) { }

    private SketchSet(SketchLayout layout, bool detailed, ColumnSketch[] columns)
    {
        Layout = layout;
        Detailed = detailed;
        _columns = columns;
    }

    public SketchLayout Layout { get; }

    public bool Detailed { get; }

    /// <summary>Rows that were looked at.</summary>
    public long Rows { get; private set; }

    /// <summary>Rows that were offered and not looked at, because the ring was full: the sample is <see cref="Rows"/> of <see cref="Rows"/> + this.</summary>
    public long Skipped { get; private set; }

    /// <summary>Share of the offered rows that were looked at; 1 without rows.</summary>
    public double SamplingRate => Rows + Skipped > 0 ? Rows / (double)(Rows + Skipped) : 1;

    /// <summary>Features, then outputs.</summary>
    public IReadOnlyList<ColumnSketch> Columns => _columns;

    /// <param name="values">One a column: features, then outputs.</param>
    /// <param name="missing">A bit a column, set where the value is missing; empty for none.</param>
    public void AddRow(ReadOnlySpan<float> values, ReadOnlySpan<ulong> missing)
    {
        Rows++;
        for (var i = 0; i < _columns.Length; i++)
        {
            if (missing.Length > i >> 6 && (missing[i >> 6] >> (i & 63) & 1) != 0)
            {
                _columns[i].AddNull();
            }
            else
            {
                _columns[i].Add(values[i]);
            }
        }
    }

    /// <summary>Records that a row followed another in the same group (tenant or entity).</summary>
    public void AddRepeat(ReadOnlySpan<float> before, ReadOnlySpan<float> values)
    {
        for (var i = 0; i < _columns.Length; i++)
        {
            _columns[i].AddRepeat(before[i], values[i]);
        }
    }

    public void AddSkipped(long rows) => Skipped += rows;

    /// <exception cref="GridException">The other is of another layout.</exception>
    public void Merge(SketchSet other)
    {
        if (other.Layout.Fingerprint != Layout.Fingerprint)
        {
            throw new GridError(GridErrorCode.Conflict, "sketch", "was made under another baseline and cannot be added.", "Fetch the version's current layout and begin a new sketch.").ToException();
        }

        Rows += other.Rows;
        Skipped += other.Skipped;
        for (var i = 0; i < _columns.Length; i++)
        {
            _columns[i].Merge(other._columns[i]);
        }
    }

    /// <summary>Compact form, format 1, checksummed.</summary>
    public byte[] ToBytes() => Binary.Seal(Magic, Format, Write);

    /// <exception cref="GridException">The bytes are damaged, of an unknown format, or of another layout.</exception>
    public static SketchSet FromBytes(ReadOnlyMemory<byte> bytes, SketchLayout layout) => Binary.Open(Magic, Format, "sketch", bytes, reader => Read(reader, layout));

    internal void Write(BinaryWriter writer)
    {
        writer.Write(Layout.Fingerprint);
        writer.Write(Detailed);
        Binary.WriteCounts(writer, [Rows, Skipped]);
        foreach (var column in _columns)
        {
            column.Write(writer);
        }
    }

    internal static SketchSet Read(BinaryReader reader, SketchLayout layout)
    {
        if (reader.ReadUInt64() != layout.Fingerprint)
        {
            throw new GridError(GridErrorCode.Conflict, "sketch", "was made under another baseline and cannot be read under this one.", "Fetch the version's current layout and begin a new sketch.").ToException();
        }

        var detailed = reader.ReadBoolean();
        long rows = Binary.ReadCount(reader), skipped = Binary.ReadCount(reader);
        return new SketchSet(layout, detailed, [.. layout.Columns.Select(c => ColumnSketch.Read(reader, c, detailed))]) { Rows = rows, Skipped = skipped };
    }
}
