using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Grains.Models;
using Grid.Inference.Manifests;
using Grid.Primitives;
using Orleans.Concurrency;

namespace Grid.Grains.Rollouts;

/// <inheritdoc cref="IRolloutGrain"/>
/// <remarks>
/// Reentrant: silos report while a step is taken. A step is conditional on the rollout's number, so that two actors of this key, or one that crashed
/// in the middle, take it once.
/// </remarks>
[GrainType("grid.rollout"), Reentrant]
internal sealed class RolloutGrain : Grain, IRolloutGrain
{
    /// <summary>Silos that came and went under one number; the oldest reports are forgotten beyond it.</summary>
    private const int MaxReports = 1024;

    private readonly CatalogueReplica _catalogue;
    private readonly ModelKey _key;
    private readonly Dictionary<string, RolloutReport> _reports = new(StringComparer.Ordinal);
    private long _number;
    private bool _isDeciding;

    public RolloutGrain(CatalogueReplica catalogue)
    {
        _catalogue = catalogue;
        _key = ModelKey.Parse(this.GetPrimaryKeyString());
    }

    public async Task ReportAsync(RolloutReport report)
    {
        if (!_catalogue.Current.Models.TryGetValue(_key, out var model) || model.Entry.Number < report.Number)
        {
            // The reporting silo is ahead of this one.
            await _catalogue.PullAsync(CancellationToken.None);
        }

        if (Entry() is not { } entry || report.Number != entry.Number)
        {
            return;
        }

        Begin(entry.Number);
        if (_reports.TryGetValue(report.Silo, out var known) && known.Sequence >= report.Sequence)
        {
            return;
        }

        if (known is null && _reports.Count >= MaxReports)
        {
            _reports.Remove(_reports.Keys.First());
        }

        _reports[report.Silo] = report;
        await DecideAsync(entry);
    }

    public async Task<RolloutStatus> GetAsync()
    {
        var snapshot = await _catalogue.PullAsync(CancellationToken.None);
        var entry = Entry() ?? throw ModelCatalogue.UnknownModel(_key, snapshot).ToException();
        Begin(entry.Number);
        var versions = Tallies.Versions(_reports.Values);
        var comparisons = Tallies.Comparisons(_reports.Values);
        var trial = entry.Canary?.Version ?? entry.Shadows?.FirstOrDefault();
        var guards = trial is not null && GuardsOf(trial) is { } manifest ? Judge(entry, trial, manifest, versions, comparisons).Figures : [];
        return new RolloutStatus(_key.Workspace, _key.Model, entry.Rollout(), versions, comparisons, guards, entry.Trail?.LastOrDefault(), snapshot.Revision);
    }

    private ModelEntry? Entry() => _catalogue.Current.Models.TryGetValue(_key, out var model) ? model.Entry : null;

    private void Begin(long number)
    {
        if (_number != number)
        {
            // What was counted under other shares says nothing about these.
            _reports.Clear();
            _number = number;
        }
    }

    private async Task DecideAsync(ModelEntry entry)
    {
        if (_isDeciding || Decision(entry) is not { } decision)
        {
            return;
        }

        _isDeciding = true;
        try
        {
            await GrainFactory.GetGrain<IModelGrain>(_key.ToString()).DecideAsync(decision);
        }
        finally
        {
            _isDeciding = false;
        }
    }

    private RolloutDecision? Decision(ModelEntry entry)
    {
        var versions = Tallies.Versions(_reports.Values);
        var comparisons = Tallies.Comparisons(_reports.Values);
        var rollout = entry.Rollout();
        if (entry.Canary is { } canary
            && GuardsOf(canary.Version) is { } guards
            && TrialPlan.Canary(rollout, guards, Judge(entry, canary.Version, guards, versions, comparisons)) is { } decision)
        {
            return decision;
        }

        foreach (var shadow in entry.Shadows ?? [])
        {
            if (GuardsOf(shadow) is { } own && TrialPlan.Shadow(rollout, shadow, own, Judge(entry, shadow, own, versions, comparisons)) is { } step)
            {
                return step;
            }
        }

        return null;
    }

    private static TrialVerdict Judge(ModelEntry entry, string version, ManifestGuards guards, VersionTally[] versions, ComparisonTally[] comparisons) =>
        TrialGuards.Judge(
            guards,
            versions.FirstOrDefault(tally => tally.Version == entry.Live),
            entry.Canary?.Version == version ? versions.FirstOrDefault(tally => tally.Version == version) ?? new VersionTally(version, 0, 0, []) : null,
            comparisons.FirstOrDefault(tally => tally.Champion == entry.Live && tally.Challenger == version));

    /// <summary>The guards in a version's manifest. Parsed anew each second of a trial: it takes microseconds, and nothing has to be kept in step.</summary>
    private ManifestGuards? GuardsOf(string version) =>
        _catalogue.Current.Versions.TryGetValue(new VersionKey(_key.Workspace, _key.Model, version), out var entry) && entry.Entry.Manifest is { } yaml
            ? ModelManifest.Parse(yaml).Guards
            : null;
}
