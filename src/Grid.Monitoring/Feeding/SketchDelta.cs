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
/// <param name="Tenants">Rows of the tenants that were watched, by group.</param>
public sealed record SketchDelta(string Silo, long Epoch, long Sequence, DateTimeOffset From, DateTimeOffset To, SketchSet Total, IReadOnlyDictionary<ulong, SketchSet> Tenants)
{
    private const string Magic = "GSKD";
    private const byte Format = 1;

    /// <summary>Compact form, format 1, checksummed.</summary>
    public byte[] ToBytes() => Binary.Seal(Magic, Format, writer =>
    {
        writer.Write(Silo);
        writer.Write(Epoch);
        writer.Write(Sequence);
        writer.Write(From.UtcTicks);
        writer.Write(To.UtcTicks);
        Total.Write(writer);
        writer.Write7BitEncodedInt(Tenants.Count);
        foreach (var (group, set) in Tenants)
        {
            writer.Write(group);
            set.Write(writer);
        }
    });

    /// <exception cref="GridException">The bytes are damaged, of an unknown format, or of another layout.</exception>
    public static SketchDelta FromBytes(ReadOnlyMemory<byte> bytes, SketchLayout layout) => Binary.Open(Magic, Format, "sketch delta", bytes, reader =>
    {
        var (silo, epoch, sequence) = (reader.ReadString(), reader.ReadInt64(), reader.ReadInt64());
        var (from, to) = (Binary.ReadTime(reader), Binary.ReadTime(reader));
        var total = SketchSet.Read(reader, layout);
        var count = Binary.ReadLength(reader, SketchCollector.MaximumTenants);
        var tenants = new Dictionary<ulong, SketchSet>();
        for (var i = 0; i < count; i++)
        {
            tenants.Add(reader.ReadUInt64(), SketchSet.Read(reader, layout));
        }

        return new SketchDelta(silo, epoch, sequence, from, to, total, tenants);
    });
}
