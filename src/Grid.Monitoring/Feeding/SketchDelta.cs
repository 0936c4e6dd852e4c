using Grid.Monitoring.Formats;
using Grid.Monitoring.Sketches;
using Grid.Primitives;

namespace Grid.Monitoring.Feeding;

/// <summary>What one replica saw over some seconds. (Silo, epoch, sequence) names it: merging it again changes nothing.</summary>
/// <param name="Silo">Name of the process.</param>
/// <param name="Epoch">Greater with every start of the process.</param>
/// <param name="Sequence">From 1, one more with every delta.</param>
/// <param name="From">When it begins; it counts in the window that holds this time.</param>
/// <param name="To">When it was cut.</param>
/// <param name="Total">All rows.</param>
/// <param name="Tenants">Columns that were looked at tenant by tenant, by their place in the layout.</param>
public sealed record SketchDelta(string Silo, long Epoch, long Sequence, DateTimeOffset From, DateTimeOffset To, SketchSet Total, IReadOnlyDictionary<int, TenantSketch> Tenants)
{
    private const string Magic = "GSKD";

    /// <summary>What has no tenants is written as before there were any: a silo of an older build, which never asks for them, can read it.</summary>
    private const byte WithoutTenants = 1;

    private const byte WithTenants = 2;

    /// <summary>Compact form, checksummed: format 2 where it has tenants, otherwise 1.</summary>
    public byte[] ToBytes() => Binary.Seal(Magic, Tenants.Count > 0 ? WithTenants : WithoutTenants, writer =>
    {
        writer.Write(Silo);
        writer.Write(Epoch);
        writer.Write(Sequence);
        writer.Write(From.UtcTicks);
        writer.Write(To.UtcTicks);
        Total.Write(writer);
        writer.Write7BitEncodedInt(Tenants.Count);
        foreach (var (column, tenants) in Tenants)
        {
            writer.Write7BitEncodedInt(column);
            tenants.Write(writer);
        }
    });

    /// <exception cref="GridException">The bytes are damaged, of an unknown format, or of another layout.</exception>
    public static SketchDelta FromBytes(ReadOnlyMemory<byte> bytes, SketchLayout layout) => Binary.Open(Magic, Binary.FormatOf(bytes, WithTenants), "sketch delta", bytes, reader =>
    {
        var (silo, epoch, sequence) = (reader.ReadString(), reader.ReadInt64(), reader.ReadInt64());
        var (from, to) = (Binary.ReadTime(reader), Binary.ReadTime(reader));
        var total = SketchSet.Read(reader, layout);
        var count = Binary.ReadLength(reader, SketchCollector.MaximumTenantColumns);
        var tenants = new Dictionary<int, TenantSketch>();
        for (var i = 0; i < count; i++)
        {
            var column = Binary.ReadLength(reader, layout.Columns.Length - 1);
            tenants.Add(column, TenantSketch.Read(reader, layout.Columns[column], TenantSketch.DeltaTenants));
        }

        return new SketchDelta(silo, epoch, sequence, from, to, total, tenants);
    });
}
