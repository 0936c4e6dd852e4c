using Grid.Monitoring.Formats;
using Grid.Monitoring.Performance;
using Grid.Primitives;

namespace Grid.Monitoring.Feeding;

/// <summary>What outcomes that arrived over some seconds say about a version. (Source, epoch, sequence) names it: merging it again changes nothing.</summary>
/// <param name="Source">Who joined the outcomes; a stream of deltas apart from that of sketches.</param>
/// <param name="Epoch">Greater with every start of the source.</param>
/// <param name="Sequence">From 1, one more with every delta.</param>
/// <param name="From">When it begins; it counts in the window that holds this time.</param>
/// <param name="Binary">For a model that gives a probability, or null.</param>
/// <param name="Regression">For a model that gives a number, or null.</param>
/// <param name="Tenants">The same tenant by tenant, where it is wanted; null otherwise.</param>
public sealed record PerformanceDelta(
    string Source, long Epoch, long Sequence, DateTimeOffset From, BinaryPerformance? Binary, RegressionPerformance? Regression, TenantLosses? Tenants = null)
{
    private const string Magic = "GSKP";
    private const byte WithoutTenants = 1;
    private const byte WithTenants = 2;

    /// <summary>Compact form, checksummed: format 2 where it has tenants, otherwise 1.</summary>
    public byte[] ToBytes() => Formats.Binary.Seal(Magic, Tenants is null ? WithoutTenants : WithTenants, writer =>
    {
        writer.Write(Source);
        writer.Write(Epoch);
        writer.Write(Sequence);
        writer.Write(From.UtcTicks);
        writer.Write(Binary is not null);
        Binary?.Write(writer);
        writer.Write(Regression is not null);
        Regression?.Write(writer);
        Tenants?.Write(writer);
    });

    /// <exception cref="GridException">The bytes are damaged or of an unknown format.</exception>
    public static PerformanceDelta FromBytes(ReadOnlyMemory<byte> bytes)
    {
        var format = Formats.Binary.FormatOf(bytes, WithTenants);
        return Formats.Binary.Open(Magic, format, "performance delta", bytes, reader => new PerformanceDelta(
            reader.ReadString(), reader.ReadInt64(), reader.ReadInt64(), Formats.Binary.ReadTime(reader),
            reader.ReadBoolean() ? BinaryPerformance.Read(reader) : null,
            reader.ReadBoolean() ? RegressionPerformance.Read(reader) : null,
            format == WithTenants ? TenantLosses.Read(reader) : null));
    }
}
