using Grid.Monitoring.Feeding;
using Grid.Monitoring.Performance;
using Grid.Monitoring.Sketches;

namespace Grid.Monitoring.Windows;

/// <summary>What has arrived for a window that is not closed yet.</summary>
internal sealed class OpenWindow(SketchLayout layout, DateTimeOffset from)
{
    /// <summary>Columns of which tenants are kept.</summary>
    public const int MaximumTenantColumns = 2 * SketchCollector.MaximumTenantColumns;

    /// <summary>Earlier than the window's own start where windows with too few rows joined it.</summary>
    public DateTimeOffset From { get; set; } = from;

    public SketchSet Sketches { get; set; } = new(layout);

    /// <summary>Columns that were looked at tenant by tenant, by their place in the layout; empty while no signal is open.</summary>
    public SortedDictionary<int, TenantSketch> Tenants { get; } = [];

    public BinaryPerformance? Binary { get; set; }

    public RegressionPerformance? Regression { get; set; }

    /// <summary>What predictions cost tenant by tenant; null while no signal asks for it.</summary>
    public TenantLosses? Losses { get; set; }

    public long Outcomes => (Binary?.Count ?? 0) + (Regression?.Count ?? 0);

    public void Merge(IEnumerable<KeyValuePair<int, TenantSketch>> tenants)
    {
        foreach (var (column, theirs) in tenants)
        {
            if (!Tenants.TryGetValue(column, out var own))
            {
                // What silos look at changes with the open signals, and a window may see a few such changes.
                if (Tenants.Count >= MaximumTenantColumns)
                {
                    continue;
                }

                Tenants.Add(column, own = new TenantSketch(layout.Columns[column], TenantSketch.WindowTenants));
            }

            own.Merge(theirs);
        }
    }

    public void Merge(BinaryPerformance? binary, RegressionPerformance? regression, TenantLosses? losses)
    {
        if (binary is not null)
        {
            (Binary ??= new BinaryPerformance()).Merge(binary);
        }

        if (regression is not null)
        {
            (Regression ??= new RegressionPerformance()).Merge(regression);
        }

        if (losses is not null)
        {
            (Losses ??= new TenantLosses(losses.IsBinary)).Merge(losses);
        }
    }
}
