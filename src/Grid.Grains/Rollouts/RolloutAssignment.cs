using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Primitives;

namespace Grid.Grains.Rollouts;

/// <summary>The version that a rollout gives a request. Pure: the same entry and subject give the same version on every silo.</summary>
internal static class RolloutAssignment
{
    /// <returns>Null where the model has no live version.</returns>
    public static Assignment? Of(ModelKey model, ModelEntry entry, in RolloutSubject subject)
    {
        if (entry.Experiment is { } experiment)
        {
            var arm = ArmOf(experiment, RolloutHash.SubjectOf(RolloutHash.TrialOf(model, entry.Trial), experiment.Sticky, subject));
            return new Assignment(arm.Version, arm.Name);
        }

        if (entry.Canary is { } canary
            && IsIn(canary.SharePercent, RolloutHash.SubjectOf(RolloutHash.TrialOf(model, entry.Trial), canary.Sticky, subject)))
        {
            return new Assignment(canary.Version, Assignment.CanaryArm);
        }

        return entry.Live is { } live ? new Assignment(live, Assignment.LiveArm) : null;
    }

    /// <summary>Whether a place is in a share. A larger share holds every place of a smaller one.</summary>
    public static bool IsIn(double sharePercent, ulong subject) => RolloutHash.Unit(subject) * 100 < sharePercent;

    /// <summary>
    /// Weighted rendezvous: each arm draws an exponential waiting time with its weight as the rate, and the first one wins, which it does with
    /// the odds of its weight. More weight only shortens its own time, so an arm whose weight rises keeps everything it had.
    /// </summary>
    public static RolloutArm ArmOf(Experiment experiment, ulong subject)
    {
        var first = experiment.Arms[0];
        var shortest = double.PositiveInfinity;
        foreach (var arm in experiment.Arms)
        {
            // 1 - u is over 0, so that the logarithm is finite.
            var time = -Math.Log(1 - RolloutHash.Unit(RolloutHash.Of(arm.Name, subject))) / arm.Weight;
            if (time < shortest)
            {
                (first, shortest) = (arm, time);
            }
        }

        return first;
    }
}
