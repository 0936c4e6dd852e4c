using Grid.Primitives;

namespace Grid.Monitoring.Load;

/// <summary>When load and failures become signals. Immutable.</summary>
public sealed record LoadOptions
{
    /// <summary>Length of a window. 1 s to 1 hour; default 1 minute.</summary>
    public TimeSpan Window { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>Requests that a window needs; one with fewer says nothing. 1 or more; default 50.</summary>
    public long MinimumRequests { get; init; } = 50;

    /// <summary>Share of requests that may fail. In (0, 1]; default 0.05.</summary>
    public double FailedShare { get; init; } = 0.05;

    /// <summary>Share of requests that may be refused for want of room. In (0, 1]; default 0.01.</summary>
    public double RefusedShare { get; init; } = 0.01;

    /// <summary>Share of answers that may be over the version's time. In (0, 1]; default 0.01: the time is one for 99 of 100.</summary>
    public double SlowShare { get; init; } = 0.01;

    /// <summary>Everything that is wrong; empty where nothing is.</summary>
    public IReadOnlyList<GridError> Check()
    {
        var errors = new List<GridError>();
        Require(Window >= TimeSpan.FromSeconds(1) && Window <= TimeSpan.FromHours(1), "window", Window, "1 second to 1 hour");
        Require(MinimumRequests >= 1, "minimum_requests", MinimumRequests, "1 or more");
        Require(FailedShare is > 0 and <= 1, "failed_share", FailedShare, "above 0, at most 1");
        Require(RefusedShare is > 0 and <= 1, "refused_share", RefusedShare, "above 0, at most 1");
        Require(SlowShare is > 0 and <= 1, "slow_share", SlowShare, "above 0, at most 1");
        return errors;

        void Require(bool holds, string name, object? value, string range)
        {
            if (!holds)
            {
                errors.Add(GridError.Invalid($"load.{name}", $"is {value}.", $"Use {range}."));
            }
        }
    }
}
