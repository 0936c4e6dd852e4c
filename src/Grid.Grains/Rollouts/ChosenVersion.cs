using Grid.Grains.Catalogue;
using Grid.Primitives;

namespace Grid.Grains.Rollouts;

/// <summary>The version that answers one request, and the rollout that chose it.</summary>
/// <param name="Key">The version.</param>
/// <param name="Arm">Why it answers: see <see cref="Assignment.Arm"/>.</param>
/// <param name="Revision">The catalogue revision it was chosen as of.</param>
/// <param name="Entry">The model's rollout as of that revision.</param>
/// <param name="Counters">Where the request is counted; null where the model is not on trial or the version was pinned.</param>
internal readonly record struct ChosenVersion(VersionKey Key, string Arm, long Revision, ModelEntry Entry, ModelCounters? Counters)
{
    public bool IsCanary => ReferenceEquals(Arm, Assignment.CanaryArm);

    /// <summary>Whether another entity of the same request may have another version.</summary>
    public bool IsDivided => !ReferenceEquals(Arm, Assignment.PinnedArm) && (Entry.Canary is not null || Entry.Experiment is not null);

    /// <summary>The same request given to the live version.</summary>
    public ChosenVersion OnLive() => this with { Key = Key with { Version = Entry.Live! }, Arm = Assignment.LiveArm };
}
