using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Grains.Models;
using Grid.Inference.Manifests;
using Grid.Primitives;
using Microsoft.Extensions.Logging;
using Orleans.Concurrency;
using Orleans.Runtime;

namespace Grid.Grains.Rollouts;

/// <inheritdoc cref="IRolloutGrain"/>
/// <remarks>
/// Reentrant: silos report while a step is taken. A step is conditional on the rollout's number, so that two actors of this key, or one that crashed
/// in the middle, take it once.
/// </remarks>
[GrainType("grid.rollout"), Reentrant]
internal sealed partial class RolloutGrain : Grain, IRolloutGrain
{
    /// <summary>Silos that came and went under one number; the oldest reports are forgotten beyond it.</summary>
    private const int MaxReports = 1024;

    private readonly CatalogueReplica _catalogue;
    private readonly ILogger<RolloutGrain> _logger;
    private readonly ModelKey _key;
    private readonly Dictionary<string, RolloutReport> _reports = new(StringComparer.Ordinal);
    private long _number;
    private bool _isDeciding;

    public RolloutGrain(CatalogueReplica catalogue, ILogger<RolloutGrain> logger)
    {
        _catalogue = catalogue;
        _logger = logger;
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
        await DecideAsync();
    }

    public async Task<RolloutStatus> GetAsync()
    {
        var snapshot = await _catalogue.PullAsync(CancellationToken.None);
        var entry = Entry() ?? throw ModelCatalogue.UnknownModel(_key, snapshot).ToException();
        Begin(entry.Number);
        var versions = Tallies.Versions(_reports.Values);
        var comparisons = Tallies.Comparisons(_reports.Values);
        var trial = entry.Canary?.Version ?? entry.Shadows?.FirstOrDefault();
        var guards = trial is not null && GuardsOf(trial) is { } manifest ? Judge(entry, trial, manifest, versions, comparisons, await StandingsAsync(entry)).Figures : [];
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

    private async Task DecideAsync()
    {
        if (_isDeciding || Entry() is not { } before)
        {
            return;
        }

        _isDeciding = true;
        try
        {
            // The rollout may have gone on while the monitor was asked: counts and entry are read after that.
            var standings = await StandingsAsync(before);
            if (Entry() is { } entry && entry.Number == _number && Decision(entry, standings) is { } decision)
            {
                await GrainFactory.GetGrain<IModelGrain>(_key.ToString()).DecideAsync(decision);
            }
        }
        finally
        {
            _isDeciding = false;
        }
    }

    /// <summary>What the model's monitor knows of the versions on trial, where a guard asks for it.</summary>
    private async Task<TrialStanding[]> StandingsAsync(ModelEntry entry)
    {
        string[] trials = [.. new[] { entry.Canary?.Version }.OfType<string>(), .. entry.Shadows ?? []];
        if (!trials.Any(version => GuardsOf(version) is { Performance: not null } or { Drift: true }))
        {
            return [];
        }

        try
        {
            return await GrainFactory.GetGrain<IMonitorGrain>(_key.ToString()).GetTrialsAsync();
        }
        catch (Exception e) when (e is OrleansException or TimeoutException or GridException)
        {
            // Without it nothing is found good, and what the counts say of a bad one still holds; the next report asks again.
            LogNoStanding(e, _key);
            return [];
        }
    }

    private RolloutDecision? Decision(ModelEntry entry, TrialStanding[] standings)
    {
        var versions = Tallies.Versions(_reports.Values);
        var comparisons = Tallies.Comparisons(_reports.Values);
        var rollout = entry.Rollout();
        if (entry.Canary is { } canary
            && GuardsOf(canary.Version) is { } guards
            && TrialPlan.Canary(rollout, guards, Judge(entry, canary.Version, guards, versions, comparisons, standings)) is { } decision)
        {
            return decision;
        }

        foreach (var shadow in entry.Shadows ?? [])
        {
            if (GuardsOf(shadow) is { } own && TrialPlan.Shadow(rollout, shadow, own, Judge(entry, shadow, own, versions, comparisons, standings)) is { } step)
            {
                return step;
            }
        }

        return null;
    }

    private static TrialVerdict Judge(
        ModelEntry entry, string version, ManifestGuards guards, VersionTally[] versions, ComparisonTally[] comparisons, TrialStanding[] standings) =>
        TrialGuards.Judge(
            guards,
            versions.FirstOrDefault(tally => tally.Version == entry.Live),
            entry.Canary?.Version == version ? versions.FirstOrDefault(tally => tally.Version == version) ?? new VersionTally(version, 0, 0, []) : null,
            comparisons.FirstOrDefault(tally => tally.Champion == entry.Live && tally.Challenger == version),
            standings.FirstOrDefault(standing => standing.Champion == entry.Live && standing.Challenger == version));

    /// <summary>The guards in a version's manifest. Parsed anew each second of a trial: it takes microseconds, and nothing has to be kept in step.</summary>
    private ManifestGuards? GuardsOf(string version) =>
        _catalogue.Current.Versions.TryGetValue(new VersionKey(_key.Workspace, _key.Model, version), out var entry) && entry.Entry.Manifest is { } yaml
            ? ModelManifest.Parse(yaml).Guards
            : null;

    [LoggerMessage(EventId = 2132, Level = LogLevel.Warning, Message = "What outcomes say of model {Model}'s trial could not be asked for; its guards decide without them")]
    private partial void LogNoStanding(Exception error, ModelKey model);
}
