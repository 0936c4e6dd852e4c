using System.CommandLine;
using Grid.Train.Boosting;

namespace Grid.Train.Commands;

/// <summary>How trees are grown, as options of a command line.</summary>
internal sealed class BoostingArguments
{
    private static readonly BoostingOptions Defaults = new();

    private readonly Option<Objective> _objective = new("--objective") { Description = "binary or regression.", DefaultValueFactory = static _ => Objective.Binary };
    private readonly Option<int> _rounds = Number("--rounds", "Most trees, 1 to 10000.", Defaults.Rounds);
    private readonly Option<int> _leaves = Number("--leaves", "Most leaves of a tree, 2 to 4096.", Defaults.Leaves);
    private readonly Option<double> _rate = Number("--learning-rate", "Share of a tree's correction that is taken over, up to 1.", Defaults.LearningRate);
    private readonly Option<int> _minLeafRows = Number("--min-leaf-rows", "Fewest rows of a leaf.", Defaults.MinLeafRows);
    private readonly Option<double> _l2 = Number("--l2", "Weight of squared leaf values in the loss.", Defaults.L2);
    private readonly Option<int> _stopping = Number("--early-stopping", "Stop after so many trees without gain on the validation rows; 0 for never.", Defaults.EarlyStopping);
    private readonly Option<double> _share = Number("--validation-share", "Share of the rows, the latest ones, that are held back, 0 to 0.9.", 0.2);
    private readonly Option<int> _seed = Number("--seed", "Seed, 0 or more.", Defaults.Seed);
    private readonly Option<int> _threads = Number("--threads", "Threads; 0 for all cores.", Defaults.Threads);

    public void AddTo(Command command)
    {
        Option[] options = [_objective, _rounds, _leaves, _rate, _minLeafRows, _l2, _stopping, _share, _seed, _threads];
        foreach (var option in options)
        {
            command.Add(option);
        }
    }

    public double ValidationShare(ParseResult parsed) => parsed.GetValue(_share);

    public BoostingOptions Boosting(ParseResult parsed) => new()
    {
        Objective = parsed.GetValue(_objective),
        Rounds = parsed.GetValue(_rounds),
        Leaves = parsed.GetValue(_leaves),
        LearningRate = parsed.GetValue(_rate),
        MinLeafRows = parsed.GetValue(_minLeafRows),
        L2 = parsed.GetValue(_l2),
        EarlyStopping = parsed.GetValue(_stopping),
        Seed = parsed.GetValue(_seed),
        Threads = parsed.GetValue(_threads),
    };

    private static Option<T> Number<T>(string name, string description, T value) => new(name) { Description = description, DefaultValueFactory = _ => value };
}
