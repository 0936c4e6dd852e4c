using Grid.Monitoring.Baselines;
using Grid.Monitoring.Sketches;

namespace Grid.Monitoring.Windows;

/// <content>What windows are compared with: the baseline, one learned from the first rows, or the same hour of the day or week before.</content>
public sealed partial class ModelMonitor
{
    private void Learn(OpenWindow window, DateTimeOffset end)
    {
        if (window.Sketches.Rows < _options.ProvisionalRows)
        {
            if (end - window.From < MaximumCarry * _options.Window)
            {
                _carried = window;
            }

            return;
        }

        _baseline = Baseline.Learn(window.Sketches) with { Model = _version.Model };
        _layout = _baseline.Layout();

        // Windows that are already open were sketched without bins and cannot be tested; their rows are late.
        LateRows += _windows.Values.Sum(static w => w.Sketches.Rows);
        _windows.Clear();
    }

    private Baseline? Reference(SketchSet current, bool rows)
    {
        if (_options.Season == Season.None || !rows)
        {
            return _baseline;
        }

        // Windows without enough rows leave no entry, so a season counts windows with traffic; the queue is as long as one season.
        SketchSet? before = null;
        if (_season.Count >= _options.SeasonWindows)
        {
            before = _season.Dequeue();
        }

        var bins = new SketchSet(_layout, detailed: false);
        bins.Merge(current);
        _season.Enqueue(bins);
        return before is null ? null : InFormOf(_baseline!, before);
    }

    private static Baseline InFormOf(Baseline baseline, SketchSet window)
    {
        return baseline with
        {
            Rows = window.Rows,
            Features = [.. baseline.Features.Select(With)],
            Outputs = [.. baseline.Outputs.Select((c, i) => With(c, baseline.Features.Length + i))],
        };

        ColumnBaseline With(ColumnBaseline column, int index)
        {
            var seen = window.Columns[index];
            return column with
            {
                Counts = [.. seen.Bins], Mean = seen.Moments.Mean, Deviation = seen.Moments.Deviation, Nulls = seen.Nulls, NotFinite = seen.NotFinite,
                Autocorrelation = seen.Autocorrelation, Quantiles = [],
            };
        }
    }

    private IEnumerable<Finding> Performance(OpenWindow window, DateTimeOffset end)
    {
        var reference = _baseline!.Performance ?? _learnedPerformance;
        if (reference is null)
        {
            // The first window with enough outcomes becomes what later ones are compared with.
            _learnedPerformance = window.Binary is { Count: > 0 } b
                ? new PerformanceReference(b.Count, double.IsNaN(b.Auc) ? null : b.Auc, b.LogLoss, b.Brier, b.CalibrationError)
                : new PerformanceReference(window.Regression!.Count, Rmse: window.Regression.Rmse, Mae: window.Regression.Mae);
            return [];
        }

        return window.Binary is { Count: > 0 } binary
            ? PerformanceTests.Binary(reference, binary, _options, window.From, end)
            : PerformanceTests.Regression(reference, window.Regression!, _options, window.From, end);
    }

    private static void Join(OpenWindow window, OpenWindow earlier)
    {
        window.From = earlier.From < window.From ? earlier.From : window.From;
        window.Sketches.Merge(earlier.Sketches);
        window.Merge(earlier.Tenants);
        window.Merge(earlier.Binary, earlier.Regression, earlier.Losses);
    }
}
