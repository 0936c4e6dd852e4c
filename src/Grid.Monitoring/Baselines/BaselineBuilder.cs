using System.Collections.Immutable;
using Grid.Monitoring.Performance;
using Grid.Monitoring.Sketches;
using Grid.Primitives;

namespace Grid.Monitoring.Baselines;

/// <summary>Makes a baseline from training rows: one pass finds the edges, a second one counts exactly.</summary>
public static class BaselineBuilder
{
    /// <summary>Most categories of a column; the rest counts as others.</summary>
    public const int MaximumCategories = 200;

    // Edges are off by about 0.1 % of the rows; up to this many values they are exact.
    private const int EdgeSketchK = 4096;
    private const int QuantilePoints = 200;

    /// <summary>Groups whose previous row is remembered, to measure how much features repeat.</summary>
    private const int MaximumGroups = 65_536;

    /// <exception cref="GridException">A column is missing, a value is no number, or there are no rows.</exception>
    public static async Task<Baseline> BuildAsync(IRowSource source, BaselineRequest request, CancellationToken cancellationToken)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(request.Bins, 2);
        ArgumentOutOfRangeException.ThrowIfGreaterThan(request.Bins, 100);
        var features = Features(source, request);
        RowColumn[] watched =
        [
            .. features.Select(f => new RowColumn(f, request.Categories.Contains(f))),
            .. request.Outputs.Select(static o => new RowColumn(o)),
        ];

        // 1. Edges, categories and ranges.
        var ranges = watched.Select(static c => new ColumnRange(c)).ToArray();
        long rows = 0;
        await foreach (var block in source.ReadAsync(watched, cancellationToken))
        {
            rows += block.Rows;
            for (var c = 0; c < watched.Length; c++)
            {
                ranges[c].Add(block.Values[c], block.Names[c]);
            }
        }

        if (rows == 0)
        {
            throw GridError.Invalid("training file", "has no rows.").ToException();
        }

        // 2. Counts in those bins, repeats, and performance where there are labels.
        ColumnLayout[] layouts = [.. ranges.Select(r => r.Layout(request.Bins))];
        var layout = new SketchLayout([.. layouts.Take(features.Length)], [.. layouts.Skip(features.Length)]);
        var counted = new SketchSet(layout, detailed: false);
        var performance = new TrainingPerformance(request, watched);
        await CountAsync(source, request, watched, counted, performance, cancellationToken);

        var columns = ranges.Select((r, i) => r.ToBaseline(layouts[i], counted.Columns[i], request.Group is not null)).ToArray();
        return new Baseline
        {
            Model = request.Model,
            Rows = rows,
            LabelRate = performance.LabelRate,
            Features = [.. columns.Take(features.Length)],
            Outputs = [.. columns.Skip(features.Length)],
            Performance = performance.Reference,
            Calibration = performance.Calibration,
        };
    }

    /// <summary>Inner edges of equally full bins: linear quantiles (type 7), each once.</summary>
    internal static ImmutableArray<double> QuantileEdges(ReadOnlySpan<double> sorted, int bins)
    {
        var edges = new List<double>();
        for (var i = 1; i < bins && sorted.Length > 0; i++)
        {
            var at = (sorted.Length - 1) * ((double)i / bins);
            var low = (int)at;
            var edge = low + 1 < sorted.Length ? sorted[low] + ((at - low) * (sorted[low + 1] - sorted[low])) : sorted[low];
            if (edges.Count == 0 || edge > edges[^1])
            {
                edges.Add(edge);
            }
        }

        return [.. edges];
    }

    /// <summary>Edges each once; an edge at the minimum would leave the first bin empty for ever.</summary>
    internal static ImmutableArray<double> WithoutFirst(ImmutableArray<double> edges, double minimum) => [.. edges.Where(e => e > minimum).Distinct().Order()];

    internal static ImmutableArray<double> Quantiles(KllSketch sketch) =>
        sketch.Count == 0 ? [] : [.. Enumerable.Range(0, QuantilePoints).Select(i => sketch.Quantile((i + 0.5) / QuantilePoints))];

    private static ImmutableArray<string> Features(IRowSource source, BaselineRequest request)
    {
        string?[] taken = [.. request.Outputs, request.Label, request.Group];
        ImmutableArray<string> features = request.Features.IsEmpty ? [.. source.Columns.Where(c => !taken.Contains(c))] : request.Features;
        GridError[] errors =
        [
            .. features.Concat(taken.Where(static t => t is not null)).Where(c => !source.Columns.Contains(c))
                .Select(c => GridError.Invalid($"column '{c}'", "is not in the training file.", $"It has: {string.Join(", ", source.Columns.Take(50))}.")),
            .. request.Categories.Where(c => !features.Contains(c)).Select(static c => GridError.Invalid($"category '{c}'", "is not among the features.")),
        ];
        return errors.Length == 0 ? features : throw new GridException(errors);
    }

    private static async Task CountAsync(
        IRowSource source, BaselineRequest request, RowColumn[] watched, SketchSet counted, TrainingPerformance performance, CancellationToken cancellationToken)
    {
        RowColumn[] all =
        [
            .. watched,
            .. request.Label is null ? (RowColumn[])[] : [new RowColumn(request.Label)],
            .. request.Group is null ? (RowColumn[])[] : [new RowColumn(request.Group, Category: true)],
        ];
        var before = new Dictionary<double, float[]>();
        var row = new float[watched.Length];
        var missing = new ulong[(watched.Length + 63) / 64];
        await foreach (var block in source.ReadAsync(all, cancellationToken))
        {
            for (var r = 0; r < block.Rows; r++)
            {
                Array.Clear(missing);
                for (var c = 0; c < row.Length; c++)
                {
                    row[c] = (float)block.Values[c][r];
                    missing[c >> 6] |= double.IsNaN(block.Values[c][r]) ? 1UL << (c & 63) : 0;
                }

                counted.AddRow(row, missing);
                if (request.Group is not null)
                {
                    var group = block.Values[all.Length - 1][r];
                    if (before.TryGetValue(group, out var last))
                    {
                        counted.AddRepeat(last, row);
                        row.CopyTo(last, 0);
                    }
                    else if (before.Count < MaximumGroups)
                    {
                        before.Add(group, [.. row]);
                    }
                }

                if (request.Label is not null)
                {
                    performance.Add(row, block.Values[watched.Length][r]);
                }
            }
        }
    }

    internal static KllSketch EdgeSketch() => new(EdgeSketchK);
}
