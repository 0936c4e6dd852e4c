using Grid.Abstractions;
using Grid.Inference.Manifests;

namespace Grid.Grains.Rollouts;

/// <summary>The next step of a trial, from what the guards say of it. Pure.</summary>
internal static class TrialPlan
{
    /// <summary>The step that a canary's verdict asks for, or null.</summary>
    public static RolloutDecision? Canary(Rollout rollout, ManifestGuards guards, TrialVerdict verdict)
    {
        if (rollout.Canary is not { IsAutomatic: true } canary)
        {
            return null;
        }

        switch (verdict.Outcome)
        {
            case TrialOutcome.Bad:
                return new RolloutDecision(rollout.Number, RolloutAction.Rollback, canary.Version, 0, verdict.Reason, verdict.Figures);
            case TrialOutcome.Good when guards.Steps.Length > 0:
                var next = guards.Steps.FirstOrDefault(step => step > canary.SharePercent);
                return next > 0
                    ? new RolloutDecision(rollout.Number, RolloutAction.Canary, canary.Version, next, verdict.Reason, verdict.Figures)
                    : new RolloutDecision(rollout.Number, RolloutAction.Promote, canary.Version, 100, verdict.Reason, verdict.Figures);
            default:
                return null;
        }
    }

    /// <summary>The step that a shadow's verdict asks for, or null.</summary>
    public static RolloutDecision? Shadow(Rollout rollout, string version, ManifestGuards guards, TrialVerdict verdict) => verdict.Outcome switch
    {
        TrialOutcome.Bad => new RolloutDecision(rollout.Number, RolloutAction.Unshadow, version, 0, verdict.Reason, verdict.Figures),
        TrialOutcome.Good when guards.Steps.Length > 0 && rollout.Canary is null && rollout.Experiment is null =>
            new RolloutDecision(rollout.Number, RolloutAction.Canary, version, guards.Steps[0], verdict.Reason, verdict.Figures),
        _ => null,
    };
}
