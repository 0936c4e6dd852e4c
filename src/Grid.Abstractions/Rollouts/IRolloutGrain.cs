using Orleans;

namespace Grid.Abstractions;

/// <summary>Gathers what the silos count under a model's rollout and lets the guards decide; key <c>workspace/model</c>. What it holds is soft: silos repeat it every second.</summary>
[Alias("grid.IRolloutGrain"), GrainInterfaceType("grid.rollout")]
public interface IRolloutGrain : IGrainWithStringKey
{
    /// <summary>Takes in what a silo has counted. The same or an older report again changes nothing.</summary>
    [Alias("Report")]
    Task ReportAsync(RolloutReport report);

    [Alias("Get")]
    Task<RolloutStatus> GetAsync();
}
