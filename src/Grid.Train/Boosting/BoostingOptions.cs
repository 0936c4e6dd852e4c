using System.Globalization;
using Grid.Primitives;

namespace Grid.Train.Boosting;

/// <summary>How the trees are grown. Immutable. The same options on the same rows give the same trees, on any number of threads.</summary>
internal sealed record BoostingOptions
{
    public Objective Objective { get; init; } = Objective.Binary;

    /// <summary>Most trees. Default 200; 1 to 10,000.</summary>
    public int Rounds { get; init; } = 200;

    /// <summary>Most leaves of a tree. Default 31; 2 to 4096.</summary>
    public int Leaves { get; init; } = 31;

    /// <summary>Share of a tree's correction that is taken over. Default 0.1; above 0, up to 1.</summary>
    public double LearningRate { get; init; } = 0.1;

    /// <summary>Fewest rows of a leaf. Default 20; 1 or more.</summary>
    public int MinLeafRows { get; init; } = 20;

    /// <summary>Weight of the squared leaf values in the loss. Default 0; 0 or more.</summary>
    public double L2 { get; init; }

    /// <summary>Stop when the loss on the validation rows has not fallen for so many trees, and keep the best. Default 20; 0: never.</summary>
    public int EarlyStopping { get; init; } = 20;

    /// <summary>Default 1; 0 or more.</summary>
    public int Seed { get; init; } = 1;

    /// <summary>Threads; 0 for all cores. Default 0; 0 to 1024.</summary>
    public int Threads { get; init; }

    /// <summary>Every value out of its range.</summary>
    public IReadOnlyList<GridError> Check()
    {
        var errors = new List<GridError>();
        Require(Enum.IsDefined(Objective), "objective", Objective, "binary or regression");
        Require(Rounds is >= 1 and <= 10_000, "rounds", Rounds, "1 to 10000");
        Require(Leaves is >= 2 and <= 4096, "leaves", Leaves, "2 to 4096");
        Require(LearningRate is > 0 and <= 1, "learning-rate", LearningRate, "above 0, up to 1");
        Require(MinLeafRows >= 1, "min-leaf-rows", MinLeafRows, "1 or more");
        Require(L2 >= 0 && double.IsFinite(L2), "l2", L2, "0 or more");
        Require(EarlyStopping >= 0, "early-stopping", EarlyStopping, "0 or more");
        Require(Seed >= 0, "seed", Seed, "0 or more");
        Require(Threads is >= 0 and <= 1024, "threads", Threads, "0 to 1024");
        return errors;

        void Require(bool isGood, string name, object value, string range)
        {
            if (!isGood)
            {
                errors.Add(GridError.Invalid($"--{name}", string.Create(CultureInfo.InvariantCulture, $"is {value}."), $"Allowed: {range}."));
            }
        }
    }

    /// <summary>The same in the words of LightGBM.</summary>
    public string ToParameters() => string.Join(
        ' ',
        Objective == Objective.Binary ? "objective=binary metric=binary_logloss" : "objective=regression metric=l2",
        string.Create(
            CultureInfo.InvariantCulture,
            $"num_leaves={Leaves} learning_rate={LearningRate:R} min_data_in_leaf={MinLeafRows} lambda_l2={L2:R} seed={Seed} num_threads={Threads}"),

        // Histograms by row need no timing run to choose between ways of adding up, whose choice could differ from run to run.
        "deterministic=true force_row_wise=true verbosity=-1");
}
