using Grid.Primitives;

namespace Grid.Monitoring.Retraining;

/// <summary>When a model may be trained again. Immutable.</summary>
public sealed record RetrainOptions
{
    /// <summary>False: never by itself, by hand alone. Default true.</summary>
    public bool Enabled { get; init; } = true;

    /// <summary>Share of the features' weight that must drift. In (0, 1]; default 0.3.</summary>
    public double InputDriftShare { get; init; } = 0.3;

    /// <summary>Labelled rows since the last training that are a reason by themselves; null: never. Default null.</summary>
    public long? DataVolume { get; init; }

    /// <summary>Age of the training data that is a reason by itself; null: never. Default null.</summary>
    public TimeSpan? MaximumAge { get; init; }

    /// <summary>Labelled rows that any training needs. Default 1,000.</summary>
    public long MinimumRows { get; init; } = 1000;

    /// <summary>Trainings in <see cref="BudgetPeriod"/>, by hand too. 1 to 1,000; default 8.</summary>
    public int Budget { get; init; } = 8;

    /// <summary>Default 7 days.</summary>
    public TimeSpan BudgetPeriod { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Least time between trainings. Default 6 hours.</summary>
    public TimeSpan CoolDown { get; init; } = TimeSpan.FromHours(6);

    /// <summary>Each challenger in a row that lost doubles the cool-down, up to this. Default 7 days.</summary>
    public TimeSpan MaximumBackOff { get; init; } = TimeSpan.FromDays(7);

    /// <summary>Everything that is wrong; empty where nothing is.</summary>
    public IReadOnlyList<GridError> Check()
    {
        var errors = new List<GridError>();
        Require(InputDriftShare is > 0 and <= 1, "input_drift_share", InputDriftShare, "above 0, at most 1");
        Require(DataVolume is null or > 0, "data_volume", DataVolume, "1 or more");
        Require(MaximumAge is null || MaximumAge > TimeSpan.Zero, "maximum_age", MaximumAge, "above 0");
        Require(MinimumRows >= 1, "minimum_rows", MinimumRows, "1 or more");
        Require(Budget is >= 1 and <= 1000, "budget", Budget, "1 to 1,000");
        Require(BudgetPeriod > TimeSpan.Zero, "budget_period", BudgetPeriod, "above 0");
        Require(CoolDown >= TimeSpan.Zero, "cool_down", CoolDown, "0 or more");
        Require(MaximumBackOff >= CoolDown, "maximum_back_off", MaximumBackOff, "the cool-down or more");
        return errors;

        void Require(bool holds, string name, object? value, string range)
        {
            if (!holds)
            {
                errors.Add(GridError.Invalid($"retraining.{name}", $"is {value}.", $"Use {range}."));
            }
        }
    }
}
