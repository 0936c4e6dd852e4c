using Grid.Monitoring.Formats;
using Grid.Monitoring.Sketches;

namespace Grid.Monitoring.Performance;

/// <summary>
/// What predictions cost, tenant by tenant, for those with most outcomes: log loss of a model that gives a probability, squared error of one that gives a number.
/// Merged by addition, bounded memory. Not thread-safe.
/// </summary>
/// <param name="isBinary">The model gives a probability.</param>
public sealed class TenantLosses(bool isBinary)
{
    /// <summary>Tenants that are kept.</summary>
    public const int MaximumTenants = 128;

    private readonly TenantPlaces<Cell> _places = new(MaximumTenants, static () => new Cell(), static cell => cell.Sum = default);

    public bool IsBinary => isBinary;

    /// <summary>All outcomes, whosever they are.</summary>
    public LossSum All { get; private set; }

    /// <summary>What is kept, in the order of the tenants' names.</summary>
    public IEnumerable<(string Tenant, LossSum Sum)> Tenants => _places.All.Select(static p => (p.Tenant, p.Content.Sum));

    /// <param name="tenant">Whose prediction it was.</param>
    /// <param name="score">What the model said: 0 to 1 where it is binary.</param>
    /// <param name="label">What happened.</param>
    /// <param name="replaced">The label that this one corrects; null where there was none.</param>
    public void Add(string tenant, double score, double label, double? replaced)
    {
        var cell = _places.Take(tenant);
        cell.Sum = Changed(cell.Sum);
        All = Changed(All);

        LossSum Changed(LossSum sum)
        {
            sum = sum.Add(Loss(label));
            return replaced is { } wrong ? sum.Add(Loss(wrong), -1) : sum;
        }

        double Loss(double truth) => isBinary ? Losses.Log(score, truth >= 0.5) : (score - truth) * (score - truth);
    }

    /// <summary>Adds another; one of the other kind of model is left out.</summary>
    public void Merge(TenantLosses other)
    {
        if (other.IsBinary == isBinary)
        {
            All += other.All;
            _places.Merge(other._places, static (own, theirs) => own.Sum += theirs.Sum);
        }
    }

    internal void Write(BinaryWriter writer)
    {
        writer.Write(isBinary);
        BinaryPerformance.WriteSum(writer, All);
        writer.Write7BitEncodedInt(_places.Count);
        foreach (var (tenant, weight, cell) in _places.All)
        {
            writer.Write(tenant);
            Binary.WriteCount(writer, weight);
            BinaryPerformance.WriteSum(writer, cell.Sum);
        }
    }

    internal static TenantLosses Read(BinaryReader reader)
    {
        var read = new TenantLosses(reader.ReadBoolean()) { All = BinaryPerformance.ReadSum(reader) };
        for (var n = Binary.ReadLength(reader, MaximumTenants); n > 0; n--)
        {
            read._places.Restore(reader.ReadString(), Binary.ReadCount(reader), new Cell { Sum = BinaryPerformance.ReadSum(reader) });
        }

        return read;
    }

    private sealed class Cell
    {
        public LossSum Sum { get; set; }
    }
}
