using Grid.Grains.Signals;
using Grid.Monitoring.Load;
using Grid.Monitoring.Retraining;
using Grid.Monitoring.Windows;
using Grid.Primitives;

namespace Grid.Grains.Monitoring;

/// <summary>What a silo tells the monitors of its models, and when those speak up. Read once, at start.</summary>
public sealed class MonitoringOptions
{
    /// <summary>Whether predictions are watched. Default true.</summary>
    public bool Enabled { get; set; } = true;

    /// <summary>How often a silo reports. Default 5 s; 100 ms to 1 minute.</summary>
    public TimeSpan Period { get; set; } = TimeSpan.FromSeconds(5);

    /// <summary>Rows of one version that wait to be sketched; when it fills up, a sample is taken. Default 4,096: a power of two, 64 to 65,536. Wide rows get a smaller ring, of 1 MiB.</summary>
    public int RingRows { get; set; } = 4096;

    /// <summary>Predictions of one version that a silo keeps in mind between two reports, so that outcomes can be joined to them; the oldest go first. Default 2,048; 0 to 65,536.</summary>
    public int RecentPredictions { get; set; } = 2048;

    /// <summary>Windows and tests of inputs, outputs and performance.</summary>
    public MonitorOptions Drift { get; set; } = new();

    /// <summary>When load and failures become signals.</summary>
    public LoadOptions Load { get; set; } = new();

    /// <summary>When a model is to be trained again.</summary>
    public RetrainOptions Retraining { get; set; } = new();

    /// <summary>Where signals go.</summary>
    public SignalOptions Signals { get; set; } = new();

    /// <summary>Everything that is wrong, each with its setting; empty where nothing is.</summary>
    public IReadOnlyList<GridError> Check()
    {
        var errors = new List<GridError>();
        if (Period < TimeSpan.FromMilliseconds(100) || Period > TimeSpan.FromMinutes(1))
        {
            errors.Add(GridError.Invalid("monitoring.period", $"is {Period}.", "Use 100 ms to 1 minute."));
        }

        if (!System.Numerics.BitOperations.IsPow2(RingRows) || RingRows is < 64 or > 65_536)
        {
            errors.Add(GridError.Invalid("monitoring.ring_rows", $"is {RingRows}.", "Use a power of two from 64 to 65,536."));
        }

        if (RecentPredictions is < 0 or > 65_536)
        {
            errors.Add(GridError.Invalid("monitoring.recent_predictions", $"is {RecentPredictions}.", "Use 0 to 65,536."));
        }

        return [.. errors, .. Drift.Check(), .. Load.Check(), .. Retraining.Check(), .. Signals.Check()];
    }
}
