using System.Collections.Immutable;
using System.IO.Hashing;
using System.Text;
using Grid.Primitives;

namespace Grid.Monitoring.Sketches;

/// <summary>The columns of a version's sketches: features in the order of the vector, then outputs. Immutable.</summary>
public sealed class SketchLayout
{
    /// <summary>Most columns of a layout.</summary>
    public const int MaximumColumns = 4096;

    /// <exception cref="GridException">There are no columns, or more than <see cref="MaximumColumns"/>.</exception>
    public SketchLayout(ImmutableArray<ColumnLayout> features, ImmutableArray<ColumnLayout> outputs)
    {
        if (features.Length + outputs.Length is 0 or > MaximumColumns)
        {
            throw GridError.Invalid("sketch layout", $"has {features.Length + outputs.Length} columns.", $"Watch 1 to {MaximumColumns} features and outputs.").ToException();
        }

        Features = features;
        Outputs = outputs;
        Columns = features.AddRange(outputs);
        Fingerprint = Hash(features, outputs);
    }

    public ImmutableArray<ColumnLayout> Features { get; }

    public ImmutableArray<ColumnLayout> Outputs { get; }

    /// <summary>Features, then outputs.</summary>
    public ImmutableArray<ColumnLayout> Columns { get; }

    /// <summary>Equal for equal layouts: sketches add up only under one of them.</summary>
    public ulong Fingerprint { get; }

    /// <summary>A layout before there is a baseline: no bins, no range; quantiles and moments alone.</summary>
    public static SketchLayout Unbinned(IEnumerable<string> features, IEnumerable<string> outputs)
    {
        var everything = new Bins(BinRule.RightClosed, []);
        return new SketchLayout([.. features.Select(n => new ColumnLayout(n, everything))], [.. outputs.Select(n => new ColumnLayout(n, everything))]);
    }

    private static ulong Hash(ImmutableArray<ColumnLayout> features, ImmutableArray<ColumnLayout> outputs)
    {
        var hash = new XxHash3();
        Add(features.Length);
        foreach (var column in features.Concat(outputs))
        {
            hash.Append(Encoding.UTF8.GetBytes(column.Name));
            Add((int)column.Bins.Rule);
            Add(column.Bins.Edges.Length);
            foreach (var value in column.Bins.Edges.Append(column.Low).Append(column.High))
            {
                hash.Append(BitConverter.GetBytes(value));
            }
        }

        return hash.GetCurrentHashAsUInt64();

        void Add(int value) => hash.Append(BitConverter.GetBytes(value));
    }
}
