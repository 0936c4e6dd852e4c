using System.Collections.Immutable;
using Grid.Monitoring.Signals;

namespace Grid.Monitoring.Retraining;

/// <summary>What is known about a model when the policy is asked.</summary>
public sealed record RetrainFacts
{
    /// <summary>Signals that are not cleared.</summary>
    public ImmutableArray<Signal> Signals { get; init; } = [];

    /// <summary>How much each feature matters, any scale above 0; features that are not in it weigh 1, relative to a mean of 1. Empty: all alike.</summary>
    public ImmutableDictionary<string, double> Weights { get; init; } = ImmutableDictionary<string, double>.Empty;

    /// <summary>All features of the model.</summary>
    public ImmutableArray<string> Features { get; init; } = [];

    /// <summary>Labelled rows since the last training's data ended.</summary>
    public required long LabelledRows { get; init; }

    /// <summary>When the last training's data ended.</summary>
    public required DateTimeOffset TrainedUpTo { get; init; }

    /// <summary>Somebody asked for it.</summary>
    public bool Manual { get; init; }
}
