using Grid.Abstractions;

namespace Grid.Grains.Catalogue;

/// <summary>Stored rollout of a model. One entry, so that a change of traffic is one compare-and-swap.</summary>
/// <param name="Live">The version that answers, or null before the first is promoted.</param>
/// <param name="Canary">A version on trial with a share of the traffic; never together with <paramref name="Experiment"/>.</param>
/// <param name="Experiment">Arms that take all traffic.</param>
/// <param name="Shadows">Versions that compute afterwards, for comparison; null for none.</param>
/// <param name="Number">Counts changes of traffic.</param>
/// <param name="Trial">The number under which the canary or the experiment began: who is in it depends on that, and so outlasts changes of its shares.</param>
/// <param name="Aliases">Versions by alias; null for none.</param>
/// <param name="Tags">Tags of the model; null for none.</param>
/// <param name="VersionTags">Tags by version; null for none.</param>
/// <param name="Trail">The last changes of traffic, oldest first; null for none.</param>
/// <param name="Lives">The last versions that were live, oldest first; null for none.</param>
internal sealed record ModelEntry(
    string? Live,
    Canary? Canary = null,
    Experiment? Experiment = null,
    string[]? Shadows = null,
    long Number = 0,
    long Trial = 0,
    Dictionary<string, string>? Aliases = null,
    Dictionary<string, string>? Tags = null,
    Dictionary<string, Dictionary<string, string>>? VersionTags = null,
    RolloutStep[]? Trail = null,
    LiveSpan[]? Lives = null)
{
    /// <summary>Whether anything but the live version is at work, so that requests are counted by version.</summary>
    public bool IsOnTrial() => Canary is not null || Experiment is not null || Shadows is { Length: > 0 };

    public Rollout Rollout() => new(Number, Live, Canary, Experiment, Shadows ?? []);

    /// <summary>Every version that requests or comparisons are sent to, each once.</summary>
    public IEnumerable<string> InUse() =>
        new[] { Live, Canary?.Version }.OfType<string>()
            .Concat(Experiment?.Arms.Select(static arm => arm.Version) ?? [])
            .Concat(Shadows ?? [])
            .Distinct(StringComparer.Ordinal);
}
