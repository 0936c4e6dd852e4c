using Grid.Primitives;

namespace Grid.Monitoring.Rollouts;

/// <summary>What a challenger must show. Immutable; null leaves a guard out.</summary>
public sealed record RolloutGuardOptions
{
    /// <summary>Requests before it may be promoted. 1 or more; default 1,000.</summary>
    public long MinimumRequests { get; init; } = 1000;

    /// <summary>Time before it may be promoted. Default 10 minutes.</summary>
    public TimeSpan MinimumTime { get; init; } = TimeSpan.FromMinutes(10);

    /// <summary>How much its error rate may exceed the champion's. Default 0.01.</summary>
    public double? ErrorRateMargin { get; init; } = 0.01;

    /// <summary>How many times the champion's p99 its own may be. Default 1.5.</summary>
    public double? P99Ratio { get; init; } = 1.5;

    /// <summary>p99 that is always good enough, in milliseconds, so that microseconds are not compared with microseconds. Default 1.</summary>
    public double P99FloorMs { get; init; } = 1;

    /// <summary>Most of the answers that may differ. Default: not guarded.</summary>
    public double? DisagreementLimit { get; init; }

    /// <summary>How much its loss may exceed the champion's, as a share of that. Default: not guarded, for outcomes may never come.</summary>
    public double? LossMargin { get; init; }

    /// <summary>Outcomes of each version before it may be promoted, where <see cref="LossMargin"/> is set. Default 1,000.</summary>
    public long MinimumOutcomes { get; init; } = 1000;

    /// <summary>Chance that any guard is ever wrong. In (0, 0.5); default 0.05.</summary>
    public double Alpha { get; init; } = 0.05;

    /// <summary>Everything that is wrong; empty where nothing is.</summary>
    public IReadOnlyList<GridError> Check()
    {
        var errors = new List<GridError>();
        Require(MinimumRequests >= 1, "minimum_requests", MinimumRequests, "1 or more");
        Require(MinimumTime >= TimeSpan.Zero, "minimum_time", MinimumTime, "0 or more");
        Require(ErrorRateMargin is null or (> 0 and < 1), "error_rate_margin", ErrorRateMargin, "above 0, below 1");
        Require(P99Ratio is null or >= 1, "p99_ratio", P99Ratio, "1 or more");
        Require(P99FloorMs >= 0, "p99_floor_ms", P99FloorMs, "0 or more");
        Require(DisagreementLimit is null or (> 0 and < 1), "disagreement_limit", DisagreementLimit, "above 0, below 1");
        Require(LossMargin is null or > 0, "loss_margin", LossMargin, "above 0");
        Require(MinimumOutcomes >= 2, "minimum_outcomes", MinimumOutcomes, "2 or more");
        Require(Alpha is > 0 and < 0.5, "alpha", Alpha, "above 0, below 0.5");
        Require(ErrorRateMargin is not null || P99Ratio is not null || DisagreementLimit is not null || LossMargin is not null, "guards", "empty", "at least one guard");
        return errors;

        void Require(bool holds, string name, object? value, string range)
        {
            if (!holds)
            {
                errors.Add(GridError.Invalid($"rollout.guards.{name}", $"is {value}.", $"Use {range}."));
            }
        }
    }
}
