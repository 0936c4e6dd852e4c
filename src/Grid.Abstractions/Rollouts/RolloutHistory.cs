using Orleans;

namespace Grid.Abstractions;

/// <summary>What a model's traffic was, oldest first. Both lists are bounded; the oldest entries are forgotten first.</summary>
/// <param name="Steps">The last changes of traffic.</param>
/// <param name="Lives">The last versions that were live, further back than the steps.</param>
[GenerateSerializer, Immutable, Alias("grid.rollout-history")]
public sealed record RolloutHistory([property: Id(0)] RolloutStep[] Steps, [property: Id(1)] LiveSpan[] Lives)
{
    /// <summary>How traffic divided at a time. Before the oldest step that is kept only the live version is known; null before the model had one, or before what is kept.</summary>
    public Rollout? At(long atMs)
    {
        for (var i = Steps.Length - 1; i >= 0; i--)
        {
            if (Steps[i].AtMs <= atMs)
            {
                return Steps[i].After;
            }
        }

        for (var i = Lives.Length - 1; i >= 0; i--)
        {
            if (Lives[i].SinceMs <= atMs)
            {
                return new Rollout(0, Lives[i].Version, Canary: null, Experiment: null, []);
            }
        }

        return null;
    }
}
