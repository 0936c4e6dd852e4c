using Grid.Abstractions;
using Grid.Primitives;

namespace Grid.Client.Wire;

/// <summary>Rollouts in wire form.</summary>
public static class WireRollouts
{
    public static RolloutBody ToBody(Rollout rollout) => new()
    {
        Number = rollout.Number,
        Live = rollout.Live,
        Canary = rollout.Canary is { } canary ? ToBody(canary) : null,
        Experiment = rollout.Experiment is { } experiment ? ToBody(experiment) : null,
        Shadows = rollout.Shadows,
    };

    public static Rollout FromBody(RolloutBody body) => new(
        body.Number,
        body.Live,
        body.Canary is { } canary ? FromBody(canary) : null,
        body.Experiment is { } experiment ? FromBody(experiment) : null,
        [.. body.Shadows]);

    public static CanaryBody ToBody(Canary canary) => new()
    {
        Version = canary.Version,
        Share = canary.SharePercent,
        Sticky = WireEnum.NameOf(canary.Sticky),
        Automatic = canary.IsAutomatic,
    };

    public static Canary FromBody(CanaryBody body) => new(body.Version, body.Share, StickyOf(body.Sticky), body.Automatic ?? true);

    public static ExperimentBody ToBody(Experiment experiment) => new()
    {
        Arms = [.. experiment.Arms.Select(static arm => new ArmBody { Name = arm.Name, Version = arm.Version, Weight = arm.Weight })],
        Sticky = WireEnum.NameOf(experiment.Sticky),
    };

    public static Experiment FromBody(ExperimentBody body) =>
        new([.. body.Arms.Select(static arm => new RolloutArm(arm.Name, arm.Version, arm.Weight))], StickyOf(body.Sticky));

    /// <summary>What sticks, by its name on the wire; entity where it is left out.</summary>
    /// <exception cref="GridException">There is no such name.</exception>
    public static StickyBy StickyOf(string? name) =>
        name is null ? StickyBy.Entity
        : WireEnum.TryParse<StickyBy>(name, out var sticky) ? sticky
        : throw GridError.Invalid("sticky", $"is '{name}'.", $"Use one of: {WireEnum.AllOf<StickyBy>()}.").ToException();

    public static StepBody ToBody(RolloutStep step) => new()
    {
        At = new WireTime(step.AtMs),
        Action = WireEnum.NameOf(step.Action),
        Version = step.Version,
        Automatic = step.IsAutomatic,
        Reason = step.Reason,
        Figures = [.. step.Figures.Select(ToBody)],
        After = ToBody(step.After),
    };

    public static RolloutStep FromBody(StepBody body) => new(
        body.At.UnixMs,
        WireEnum.TryParse<RolloutAction>(body.Action, out var action) ? action : default,
        body.Version,
        body.Automatic,
        body.Reason,
        [.. body.Figures.Select(FromBody)],
        FromBody(body.After));

    /// <param name="history">The history.</param>
    /// <param name="at">A time to answer for as well, or null.</param>
    public static HistoryBody ToBody(RolloutHistory history, DateTimeOffset? at) => new()
    {
        Steps = [.. history.Steps.Select(ToBody)],
        Lives = [.. history.Lives.Select(static span => new LiveSpanBody { Version = span.Version, Since = new WireTime(span.SinceMs) })],
        At = at is { } time && history.At(time.ToUnixTimeMilliseconds()) is { } rollout ? ToBody(rollout) : null,
    };

    public static RolloutHistory FromBody(HistoryBody body) =>
        new([.. body.Steps.Select(FromBody)], [.. body.Lives.Select(static span => new LiveSpan(span.Version, span.Since.UnixMs))]);

    public static RolloutStatusBody ToBody(RolloutStatus status) => new()
    {
        Workspace = status.Workspace,
        Model = status.Model,
        Rollout = ToBody(status.Rollout),
        Versions = [.. status.Versions.Select(static t => new VersionTallyBody { Version = t.Version, Requests = t.Requests, Errors = t.Errors, Latency = t.Latency })],
        Comparisons = [.. status.Comparisons.Select(ToBody)],
        Guards = [.. status.Guards.Select(ToBody)],
        Last = status.Last is { } last ? ToBody(last) : null,
        Revision = status.Revision,
    };

    public static RolloutStatus FromBody(RolloutStatusBody body) => new(
        body.Workspace,
        body.Model,
        FromBody(body.Rollout),
        [.. body.Versions.Select(static t => new VersionTally(t.Version, t.Requests, t.Errors, [.. t.Latency]))],
        [.. body.Comparisons.Select(FromBody)],
        [.. body.Guards.Select(FromBody)],
        body.Last is { } last ? FromBody(last) : null,
        body.Revision);

    private static FigureBody ToBody(RolloutFigure figure) => new() { Name = figure.Name, Value = figure.Value, Limit = figure.Limit, Samples = figure.Samples };

    private static RolloutFigure FromBody(FigureBody body) => new(body.Name, body.Value, body.Limit, body.Samples);

    private static ComparisonBody ToBody(ComparisonTally t) => new()
    {
        Champion = t.Champion,
        Challenger = t.Challenger,
        Compared = t.Compared,
        Disagreed = t.Disagreed,
        SumDifference = t.SumDifference,
        SumAbsolute = t.SumAbsolute,
        SumSquared = t.SumSquared,
        MaxAbsolute = t.MaxAbsolute,
        Errors = t.Errors,
        Dropped = t.Dropped,
        Latency = t.Latency,
    };

    private static ComparisonTally FromBody(ComparisonBody b) => new(
        b.Champion,
        b.Challenger,
        b.Compared,
        b.Disagreed,
        b.SumDifference,
        b.SumAbsolute,
        b.SumSquared,
        b.MaxAbsolute,
        b.Errors,
        b.Dropped,
        [.. b.Latency]);
}
