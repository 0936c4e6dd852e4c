using Grid.Primitives;

namespace Grid.Storage;

/// <summary>What every store asks of the calls on its outcomes.</summary>
internal static class OutcomeChecks
{
    private const int MaxRead = 100_000;

    public static void RequireReport(string workspace, string tenant, IReadOnlyList<OutcomeRecord> outcomes)
    {
        GridNames.Require("workspace", workspace);
        GridNames.Require("tenant", tenant);
        var errors = new List<GridError>();
        for (var i = 0; i < outcomes.Count; i++)
        {
            var outcome = outcomes[i];
            if (!double.IsFinite(outcome.Value))
            {
                errors.Add(GridError.Invalid($"outcomes[{i}].value", $"is {outcome.Value}.", "Report a finite number."));
            }

            if (string.IsNullOrEmpty(outcome.Model))
            {
                errors.Add(GridError.Invalid($"outcomes[{i}].model", "is empty.", "Name the model that predicted."));
            }

            if (outcome.PredictionId is { Length: 0 } || (outcome.PredictionId is null && string.IsNullOrEmpty(outcome.Entity)))
            {
                errors.Add(GridError.Invalid($"outcomes[{i}]", "names no prediction.", "Give the prediction id, or entity and time."));
            }
        }

        if (errors.Count > 0)
        {
            throw new GridException(errors);
        }
    }

    /// <summary>Rows that one transaction removes: others commit in between.</summary>
    public const int EraseRows = 5000;

    /// <summary>Removes batch after batch until one is not full.</summary>
    /// <param name="eraseBatch">Removes at most <see cref="EraseRows"/> rows and says how many.</param>
    public static async Task<long> EraseAllAsync(Func<Task<int>> eraseBatch)
    {
        var erased = 0L;
        int rows;
        do
        {
            rows = await eraseBatch();
            erased += rows;
        }
        while (rows == EraseRows);

        return erased;
    }

    public static void RequireErase(string workspace, string tenant, string? entity = null)
    {
        GridNames.Require("workspace", workspace);
        GridNames.Require("tenant", tenant);
        if (entity is { Length: 0 })
        {
            throw GridError.Invalid("entity", "is empty.", "Name an entity, or none for the whole tenant.").ToException();
        }
    }

    public static void RequireRead(int max)
    {
        if (max is < 1 or > MaxRead)
        {
            throw GridError.Invalid("max", $"is {max}.", $"Use 1 to {MaxRead}.").ToException();
        }
    }

    /// <summary>What becomes of an outcome where another one of its identity stands.</summary>
    public static OutcomeVerdict Judge(OutcomeRecord outcome, string standingModel, double standingValue) =>
        standingModel != outcome.Model ? OutcomeVerdict.Mismatched
        : standingValue == outcome.Value ? OutcomeVerdict.Duplicate
        : OutcomeVerdict.Corrected;
}
