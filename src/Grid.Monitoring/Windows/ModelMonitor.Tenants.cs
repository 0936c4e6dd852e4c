using System.Collections.Immutable;
using Grid.Monitoring.Baselines;
using Grid.Monitoring.Feeding;
using Grid.Monitoring.Signals;

namespace Grid.Monitoring.Windows;

/// <content>Which tenants carry what an open signal says. Nothing is kept tenant by tenant before one is open.</content>
public sealed partial class ModelMonitor
{
    /// <summary>
    /// Columns that silos should look at tenant by tenant, by their place in the layout: those of the open signals, the loudest first, at most
    /// <see cref="SketchCollector.MaximumTenantColumns"/>; empty while none is open.
    /// </summary>
    public ImmutableArray<int> TenantColumns => _open.Count == 0
        ? []
        : [
            .. _open.OrderByDescending(static p => Loudness(p.Value.Evidence)).ThenBy(static p => p.Key, StringComparer.Ordinal)
                .Select(p => PlaceOf(p.Value.Type, p.Value.Evidence.Column))
                .Where(static place => place >= 0)
                .Distinct()
                .Take(SketchCollector.MaximumTenantColumns),
        ];

    /// <summary>True while outcomes say that the version does worse: then they should be added up tenant by tenant too.</summary>
    public bool WantsTenantLosses => _open.Values.Any(static s => s.Type == SignalType.Performance);

    /// <summary>Adds the tenants to what a window shows of a signal that is open, or that it opens; they are there from the window on in which somebody began to look.</summary>
    private Finding NameTenants(Finding finding, Baseline? reference, OpenWindow window)
    {
        if (!finding.Hit && !_open.ContainsKey(finding.Key))
        {
            return finding;
        }

        if (finding.Type == SignalType.Performance)
        {
            return window.Losses is { } losses && (_baseline?.Performance ?? _learnedPerformance) is { } before
                ? finding with { Evidence = finding.Evidence with { Tenants = TenantTests.Of(finding, before, losses, _options) } }
                : finding;
        }

        if (reference is null
            || PlaceOf(finding.Type, finding.Evidence.Column) is not (>= 0 and var place)
            || !window.Tenants.TryGetValue(place, out var tenants))
        {
            return finding;
        }

        var column = place < reference.Features.Length ? reference.Features[place] : reference.Outputs[place - reference.Features.Length];
        var named = TenantTests.Of(finding, column, tenants, window.Sketches.Columns[place].Autocorrelation, _options);
        return finding with { Evidence = finding.Evidence with { Tenants = named } };
    }

    /// <summary>-1 where a signal is about no column, or one that is not in the layout.</summary>
    private int PlaceOf(SignalType type, string? column)
    {
        if (column is null)
        {
            return -1;
        }

        // A feature and an output may have the same name.
        var from = type is SignalType.PredictionDrift or SignalType.EstimatedPerformance ? _layout.Features.Length : 0;
        var to = type == SignalType.FeatureDrift ? _layout.Features.Length : _layout.Columns.Length;
        for (var place = from; place < to; place++)
        {
            if (_layout.Columns[place].Name == column)
            {
                return place;
            }
        }

        return -1;
    }

    /// <summary>The effect in the threshold's unit.</summary>
    private static double Loudness(SignalEvidence evidence)
    {
        var before = evidence.Reference ?? 0;
        return evidence.Threshold != before ? (evidence.Value - before) / (evidence.Threshold - before) : 0;
    }
}
