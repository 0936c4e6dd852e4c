using Orleans;

namespace Grid.Abstractions;

/// <summary>What a version's rows are made of.</summary>
/// <param name="Features">Names in the order of the vector: <c>view.feature</c>, or the name of a request's value.</param>
/// <param name="Outputs">Names of the answer's values, in order.</param>
/// <param name="IsEventClock">Every view it reads runs on event time alone, so that windows follow the events and not the clock.</param>
[GenerateSerializer, Immutable, Alias("grid.monitor-columns")]
public sealed record MonitorColumns(
    [property: Id(0)] string[] Features,
    [property: Id(1)] string[] Outputs,
    [property: Id(2)] bool IsEventClock)
{
    /// <summary>Whether rows of both go together: the same columns in the same order, by the same clock.</summary>
    public bool Fits(MonitorColumns other) =>
        IsEventClock == other.IsEventClock && Features.AsSpan().SequenceEqual(other.Features) && Outputs.AsSpan().SequenceEqual(other.Outputs);
}
