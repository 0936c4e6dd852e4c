using Grid.Primitives;
using Orleans;

namespace Grid.Abstractions;

/// <summary>
/// Watches the versions of one model; key <c>workspace/model</c>. What it has answered to is stored: sketches, signals, and the events that must still go out.
/// </summary>
[Alias("grid.IMonitorGrain"), GrainInterfaceType("grid.monitor")]
public interface IMonitorGrain : IGrainWithStringKey
{
    /// <summary>How a silo must sketch a version's rows.</summary>
    /// <param name="version">The version.</param>
    /// <param name="columns">What its rows are made of.</param>
    /// <exception cref="GridException">The version is not registered, or its baseline cannot be read.</exception>
    [Alias("GetLayout")]
    Task<MonitorLayout> GetLayoutAsync(string version, MonitorColumns columns);

    /// <summary>Takes in what a silo saw. The same report again changes nothing.</summary>
    /// <exception cref="GridException">It could not be stored: send it again, unchanged.</exception>
    [Alias("Merge")]
    Task<MonitorReply> MergeAsync(MonitorReport report);

    /// <summary>Takes in the truth about predictions. Joined to them by id, or by entity and time; a repeated one counts once while its prediction is remembered.</summary>
    /// <returns>What became of them.</returns>
    [Alias("Outcomes")]
    Task<OutcomeCounts> OutcomesAsync(ObservedOutcome[] outcomes);

    /// <summary>The figures as they are now.</summary>
    [Alias("Get")]
    Task<MonitorStatus> GetAsync();

    /// <summary>What outcomes and drift say of the versions on trial; those of which nothing is known are left out.</summary>
    [Alias("GetTrials")]
    Task<TrialStanding[]> GetTrialsAsync();

    /// <summary>Marks a signal as seen.</summary>
    /// <exception cref="GridException">No signal of that id is open.</exception>
    [Alias("Acknowledge")]
    Task<SignalInfo> AcknowledgeAsync(string id, string by);

    /// <summary>Asks for a training by hand: it needs rows and budget as any other, but no reason and no cool-down.</summary>
    [Alias("Retrain")]
    Task<RetrainVerdict> RetrainAsync(string by);

    /// <summary>Closes windows that are over and sends what waits; for a silo that found it overdue.</summary>
    [Alias("Wake")]
    Task WakeAsync();
}
