using System.Collections.Immutable;

namespace Grid.Monitoring.Baselines;

/// <summary>Which columns of a training file are what.</summary>
public sealed record BaselineRequest
{
    public string? Model { get; init; }

    /// <summary>In the order of the vector. Default: all columns that are not named elsewhere here.</summary>
    public ImmutableArray<string> Features { get; init; } = [];

    /// <summary>Columns with the version's predictions on these rows; with <see cref="Label"/>, the first one gives performance and calibration.</summary>
    public ImmutableArray<string> Outputs { get; init; } = [];

    /// <summary>Column with the truth.</summary>
    public string? Label { get; init; }

    /// <summary>Column with the tenant or entity; with it, and rows in order of time, the builder measures how much features repeat.</summary>
    public string? Group { get; init; }

    /// <summary>Features that are categories.</summary>
    public ImmutableArray<string> Categories { get; init; } = [];

    /// <summary>Bins of a numeric column, 2 to 100. Default 10.</summary>
    public int Bins { get; init; } = Baseline.DefaultBins;
}
