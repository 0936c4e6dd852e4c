using Grid.Train.Packages;

namespace Grid.Train.Listening;

/// <summary>How requests to train are answered. Immutable.</summary>
internal sealed record HandoverOptions
{
    /// <summary>Folder for what is under way; it may be lost at any time.</summary>
    public required string Folder { get; init; }

    /// <summary>How to train. Its data, folder, parent and signal come from the request.</summary>
    public required TrainingRequest Training { get; init; }

    /// <summary>Share of the traffic that the version is given, in percent; null: it is a shadow, which answers nobody. Default null.</summary>
    public double? CanaryPercent { get; init; }

    /// <summary>How far back from the end of the request's rows to go; null: as far as the request says. Default null.</summary>
    public TimeSpan? History { get; init; }

    /// <summary>Told of each training.</summary>
    public Func<TrainingResult, Task> Trained { get; init; } = static _ => Task.CompletedTask;

    /// <summary>Told of each step when it is done; a test crashes there.</summary>
    public Func<HandoverStep, ValueTask> Reached { get; init; } = static _ => ValueTask.CompletedTask;
}
