using Grid.Monitoring.Performance;
using Grid.Monitoring.Sketches;

namespace Grid.Monitoring.Windows;

/// <summary>What has arrived for a window that is not closed yet.</summary>
internal sealed class OpenWindow(SketchLayout layout, DateTimeOffset from)
{
    /// <summary>Earlier than the window's own start where windows with too few rows joined it.</summary>
    public DateTimeOffset From { get; set; } = from;

    public SketchSet Sketches { get; set; } = new(layout);

    public BinaryPerformance? Binary { get; set; }

    public RegressionPerformance? Regression { get; set; }

    public long Outcomes => (Binary?.Count ?? 0) + (Regression?.Count ?? 0);

    public void Merge(BinaryPerformance? binary, RegressionPerformance? regression)
    {
        if (binary is not null)
        {
            (Binary ??= new BinaryPerformance()).Merge(binary);
        }

        if (regression is not null)
        {
            (Regression ??= new RegressionPerformance()).Merge(regression);
        }
    }
}
