using Grid.Abstractions;

namespace Grid.Silo.Demo.Drift;

/// <summary>What came of the loop.</summary>
internal sealed class DriftResult
{
    /// <summary>The signal behind the request to train: the first that said that predictions drift.</summary>
    public SignalInfo? Drift { get; set; }

    public SignalInfo? Request { get; set; }

    /// <summary>The version that was trained.</summary>
    public VersionInfo? Trained { get; set; }

    /// <summary>Why the guards made it live; null: they did not.</summary>
    public string? Promoted { get; set; }

    /// <summary>Why the bad candidate was thrown back; null: it was not.</summary>
    public string? Rejected { get; set; }

    public long Predictions { get; set; }

    public List<DriftWeek> Weeks { get; } = [];

    /// <summary>Stability index of predictions by version and first day of the week, as the grid measured it.</summary>
    public Dictionary<(string Version, DateTimeOffset Monday), double> Psi { get; } = [];

    /// <summary>What is not as it should be; empty where everything is.</summary>
    public List<string> Differences { get; } = [];
}
