using System.Globalization;
using Grid.Abstractions;
using Grid.Client.Wire;
using Orleans.Runtime;

namespace Grid.Silo.Health;

/// <summary>What follows from the signs of a silo. Pure.</summary>
internal static class HealthRules
{
    /// <summary>The catalogue is pulled every second: three misses are chance, ten are not.</summary>
    public static readonly TimeSpan StoreLimit = TimeSpan.FromSeconds(10);

    /// <summary>A run takes milliseconds, the largest models seconds. When every worker is in a run for minutes, native code does not return, and nothing in the process can end it.</summary>
    public static readonly TimeSpan StuckLimit = TimeSpan.FromMinutes(2);

    /// <inheritdoc cref="ISiloHealth.GetVitals"/>
    public static IReadOnlyList<HealthCondition> Vitals(HealthSigns signs)
    {
        var isStuck = signs.AllWorkersBusyFor > StuckLimit;
        return
        [
            // Others declared it dead: what it still does is fenced, and only a new start makes it a member again.
            new HealthCondition("membership", !signs.IsStarted || signs.IsStopping || signs.Status != SiloStatus.Dead, true, signs.Status.ToString().ToLowerInvariant()),
            new HealthCondition(
                "workers",
                !isStuck,
                true,
                isStuck ? $"all {signs.Workers} in a run, none came free for {Seconds(signs.AllWorkersBusyFor)}" : $"{signs.BusyWorkers} of {signs.Workers} in a run"),
        ];
    }

    /// <inheritdoc cref="ISiloHealth.GetConditions"/>
    public static IReadOnlyList<HealthCondition> Conditions(HealthSigns signs) =>
    [
        new HealthCondition("silo", signs.IsStarted && !signs.IsStopping && signs.Phase == SiloPhase.Active, true, signs.IsStopping ? "stopping" : signs.IsStarted ? WireEnum.NameOf(signs.Phase) : "starting"),
        new HealthCondition("catalogue", signs.StoreAge is not null, true, signs.StoreAge is null ? "never read" : $"revision {signs.Revision}"),
        new HealthCondition("models", signs.Loading.Count == 0, true, signs.Loading.Count == 0 ? "no live version is loading" : $"loading: {string.Join(", ", signs.Loading)}"),

        // All silos share the store. Were this required, its loss would take every door away at once, and with it what can still be answered.
        new HealthCondition("store", signs.StoreAge <= StoreLimit, false, signs.StoreAge is { } age ? $"confirmed {Seconds(age)} ago" : "never reached"),

        // One bad version must not take the others' traffic away.
        new HealthCondition("versions", signs.Failed.Count == 0, false, signs.Failed.Count == 0 ? "no live version failed" : $"cannot be loaded: {string.Join(", ", signs.Failed)}"),
    ];

    private static string Seconds(TimeSpan time) => string.Create(CultureInfo.InvariantCulture, $"{time.TotalSeconds:0.0} s");
}
