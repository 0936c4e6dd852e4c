using Grid.Monitoring.Formats;

namespace Grid.Monitoring.Sketches;

/// <summary>One column, tenant by tenant: those with most rows, each with bins of its own that hold its rows alone. Merged by addition, bounded memory. Not thread-safe.</summary>
public sealed class TenantSketch
{
    /// <summary>Tenants of one delta.</summary>
    public const int DeltaTenants = 64;

    /// <summary>Tenants of a window, into which the deltas of all silos go.</summary>
    public const int WindowTenants = 128;

    /// <summary>A column with more bins has fewer places, so that its bins take no more memory than these would.</summary>
    private const int FullBins = 256;

    private const int LeastPlaces = 8;

    private readonly TenantPlaces<ColumnSketch> _places;

    /// <param name="layout">Bins and range of the column.</param>
    /// <param name="tenants">Places: <see cref="DeltaTenants"/> or <see cref="WindowTenants"/>.</param>
    public TenantSketch(ColumnLayout layout, int tenants = DeltaTenants)
        : this(layout, tenants, new ColumnSketch(layout, detailed: false)) { }

    private TenantSketch(ColumnLayout layout, int tenants, ColumnSketch all)
    {
        All = all;
        _places = new TenantPlaces<ColumnSketch>(
            Math.Clamp(tenants * FullBins / layout.Bins.Count, LeastPlaces, tenants), () => new ColumnSketch(layout, detailed: false), static sketch => sketch.Clear());
    }

    /// <summary>All rows, whosever they are.</summary>
    public ColumnSketch All { get; }

    /// <summary>Tenants that are kept.</summary>
    public int Count => _places.Count;

    /// <summary>What is kept, in the order of the tenants' names.</summary>
    public IEnumerable<(string Tenant, ColumnSketch Sketch)> Tenants => _places.All.Select(static p => (p.Tenant, p.Content));

    /// <param name="tenant">Whose row it is.</param>
    /// <param name="value">Its value.</param>
    /// <param name="isMissing">There is none.</param>
    /// <param name="before">The tenant's value before; null where it is not known.</param>
    public void Add(string tenant, float value, bool isMissing, float? before)
    {
        AddTo(_places.Take(tenant));
        AddTo(All);

        void AddTo(ColumnSketch sketch)
        {
            if (isMissing)
            {
                sketch.AddNull();
            }
            else
            {
                sketch.Add(value);
            }

            if (before is { } known)
            {
                sketch.AddRepeat(known, value);
            }
        }
    }

    public void Merge(TenantSketch other)
    {
        All.Merge(other.All);
        _places.Merge(other._places, static (own, theirs) => own.Merge(theirs));
    }

    internal void Write(BinaryWriter writer)
    {
        All.Write(writer);
        writer.Write7BitEncodedInt(_places.Count);
        foreach (var (tenant, weight, sketch) in _places.All)
        {
            writer.Write(tenant);
            Binary.WriteCount(writer, weight);
            sketch.Write(writer);
        }
    }

    internal static TenantSketch Read(BinaryReader reader, ColumnLayout layout, int tenants)
    {
        var read = new TenantSketch(layout, tenants, ColumnSketch.Read(reader, layout, detailed: false));
        for (var n = Binary.ReadLength(reader, tenants); n > 0; n--)
        {
            read._places.Restore(reader.ReadString(), Binary.ReadCount(reader), ColumnSketch.Read(reader, layout, detailed: false));
        }

        return read;
    }
}
