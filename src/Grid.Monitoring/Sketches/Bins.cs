using System.Collections.Immutable;

namespace Grid.Monitoring.Sketches;

/// <summary>The bins of one column. Immutable; safe to share.</summary>
public sealed class Bins
{
    /// <summary>Most edges of a column: a sketch holds a counter for each, on every silo.</summary>
    public const int MaximumEdges = 1024;

    private readonly double[] _edges;

    /// <param name="rule">How the edges divide.</param>
    /// <param name="edges">Finite and strictly rising, at most <see cref="MaximumEdges"/>; none makes one bin of everything.</param>
    /// <exception cref="ArgumentException">The edges break that.</exception>
    public Bins(BinRule rule, ImmutableArray<double> edges)
    {
        if (edges.Length > MaximumEdges || edges.Any(static e => !double.IsFinite(e)) || edges.Zip(edges.Skip(1)).Any(static p => !(p.First < p.Second)))
        {
            throw new ArgumentException($"Edges are finite, strictly rising, and at most {MaximumEdges}.", nameof(edges));
        }

        Rule = rule;
        Edges = edges;
        _edges = [.. edges];
    }

    public BinRule Rule { get; }

    public ImmutableArray<double> Edges { get; }

    public int Count => _edges.Length + 1;

    /// <param name="value">Not NaN.</param>
    public int IndexOf(double value)
    {
        // Number of edges below the value (or not above it).
        int low = 0, high = _edges.Length;
        while (low < high)
        {
            var middle = (low + high) >>> 1;
            if (_edges[middle] < value || (Rule == BinRule.LeftClosed && _edges[middle] == value))
            {
                low = middle + 1;
            }
            else
            {
                high = middle;
            }
        }

        return Rule == BinRule.Categories && (low == _edges.Length || _edges[low] != value) ? _edges.Length : low;
    }
}
