using Grid.Features.Definitions;
using Grid.Features.Shards;

namespace Grid.Features.Tests.Model;

/// <summary>The slow, obvious model: every event of every entity in a list, and each feature worked out anew from the list.</summary>
internal sealed class ModelShard(IReadOnlyList<FeatureViewDefinition> views)
{
    private readonly List<ModelEvent> _events = [];
    private readonly SourceTable _sources = new();

    public void Add(ModelEvent e) => _events.Add(e);

    public IEnumerable<ModelEvent> EventsOf(FeatureViewDefinition view, string entity) =>
        _events.Where(e => view.EventSchemas.ContainsKey(e.Type) && (view.Scope == ViewScope.Tenant || e.Entity == entity));

    public double Read(string column, string entity, long asOfMs)
    {
        var parts = column.Split('.');
        var view = views.Single(v => v.Name == parts[0]);
        return Read(view, view.Features.Single(f => f.Name == parts[1]), entity, asOfMs);
    }

    private double Read(FeatureViewDefinition view, FeatureDefinition feature, string entity, long asOfMs)
    {
        var fallback = feature.Default ?? feature.Cap ?? 0;
        var all = EventsOf(view, entity).ToArray();
        if (all.Length == 0)
        {
            return fallback;
        }

        if (feature.Of is { } of)
        {
            var first = Read(view, view.Features.Single(f => f.Name == of.First), entity, asOfMs);
            var second = Read(view, view.Features.Single(f => f.Name == of.Second), entity, asOfMs);
            return feature.Aggregate == AggregateKind.Difference ? first - second : second == 0 ? fallback : first / second;
        }

        var inWindow = all.Where(e => e.Type == feature.Event && e.TimeMs <= asOfMs && (feature.Window is not { } w || e.TimeMs > asOfMs - w.TotalMilliseconds)).ToArray();
        var matching = inWindow.Where(e => feature.Where is null || WhereParser.Parse(feature.Where, out _)!.All(c => Holds(c, e))).ToArray();
        var values = matching.Where(static e => e.Amount is not null).Select(e => feature.Clamp is { } c ? Math.Min(c.High, Math.Max(c.Low, e.Amount!.Value)) : e.Amount!.Value).ToArray();
        var newest = matching.Where(static e => e.Amount is not null).OrderBy(static e => e.TimeMs).ThenBy(OrderOf).ThenBy(static e => e.Position).LastOrDefault();
        return feature.Aggregate switch
        {
            AggregateKind.Count => matching.Length == 0 ? fallback : matching.Length,
            AggregateKind.Share => inWindow.Length == 0 ? fallback : (double)matching.Length / inWindow.Length,
            AggregateKind.TimeSinceLast => matching.Length == 0 ? fallback : Math.Min(feature.Cap ?? double.MaxValue, (asOfMs - matching.Max(static e => e.TimeMs)) / (feature.Unit == TimeUnit.Millisecond ? 1.0 : 1000.0)),
            _ when values.Length == 0 => fallback,
            AggregateKind.Sum => values.Sum(),
            AggregateKind.Mean => values.Sum() / values.Length,
            AggregateKind.Min => values.Min(),
            AggregateKind.Max => values.Max(),
            AggregateKind.Last => newest!.Amount!.Value,
            _ => throw new InvalidOperationException($"{feature.Aggregate}"),
        };
    }

    private ulong OrderOf(ModelEvent e) => _sources[_sources.Add("feed", e.PartitionName)].Order;

    private static bool Holds(Comparison comparison, ModelEvent e)
    {
        if (comparison.Field == "colour")
        {
            return e.Colour is { } colour && (colour == comparison.Text) == (comparison.Operator == ComparisonOperator.Equal);
        }

        if (comparison.Field == "flag")
        {
            return e.Flag is { } flag && (flag == (comparison.Number != 0)) == (comparison.Operator == ComparisonOperator.Equal);
        }

        return e.Amount is { } amount && comparison.Operator switch
        {
            ComparisonOperator.Greater => amount > comparison.Number,
            ComparisonOperator.LessOrEqual => amount <= comparison.Number,
            _ => throw new InvalidOperationException(comparison.ToString()),
        };
    }
}
