using Grid.Abstractions;
using Orleans.Runtime;

namespace Grid.Silo.Health;

/// <summary>What a silo's health follows from, at one instant.</summary>
internal sealed record HealthSigns
{
    /// <summary>The models and views of the settings are in place.</summary>
    public bool IsStarted { get; init; }

    /// <summary>It was asked to stop.</summary>
    public bool IsStopping { get; init; }

    /// <summary>Whether it hands over what it holds.</summary>
    public SiloPhase Phase { get; init; }

    /// <summary>What the membership says of it.</summary>
    public SiloStatus Status { get; init; }

    /// <summary>Threads of the model host.</summary>
    public int Workers { get; init; }

    /// <summary>Those that are in a run.</summary>
    public int BusyWorkers { get; init; }

    /// <summary>How long no worker has come free; zero where one is free.</summary>
    public TimeSpan AllWorkersBusyFor { get; init; }

    /// <summary>Time since the store confirmed the catalogue; null before the first time.</summary>
    public TimeSpan? StoreAge { get; init; }

    /// <summary>Revision of the catalogue in force.</summary>
    public long Revision { get; init; }

    /// <summary>Live versions whose first load has not ended.</summary>
    public IReadOnlyList<string> Loading { get; init; } = [];

    /// <summary>Live versions that cannot be loaded.</summary>
    public IReadOnlyList<string> Failed { get; init; } = [];
}
