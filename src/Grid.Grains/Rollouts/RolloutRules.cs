using System.Globalization;
using Grid.Abstractions;
using Grid.Primitives;

namespace Grid.Grains.Rollouts;

/// <summary>What a rollout that is asked for must hold to. Pure.</summary>
internal static class RolloutRules
{
    private const int MaxReason = 500;
    private const int MaxEntries = 64;
    private const int MaxTagValue = 1024;

    /// <exception cref="GridException">A share or a name is out of its range.</exception>
    public static void Check(Canary canary)
    {
        var errors = new List<GridError>();
        AddName("version", canary.Version, errors);
        if (!(canary.SharePercent > 0 && canary.SharePercent <= 100))
        {
            errors.Add(GridError.Invalid("share", string.Create(CultureInfo.InvariantCulture, $"is {canary.SharePercent}."), "Give percent, over 0 and up to 100; to end a canary, roll it back."));
        }

        AddSticky(canary.Sticky, errors);
        Throw(errors);
    }

    /// <inheritdoc cref="Check(Canary)"/>
    public static void Check(Experiment experiment)
    {
        var errors = new List<GridError>();
        if (experiment.Arms.Length is < 2 or > RolloutChanges.MaxArms)
        {
            errors.Add(GridError.Invalid("arms", $"are {experiment.Arms.Length}.", $"Give 2 to {RolloutChanges.MaxArms}."));
        }

        foreach (var arm in experiment.Arms)
        {
            AddName("arm", arm.Name, errors);
            AddName("version", arm.Version, errors);
            if (arm.Name is "live" or "canary" or "pinned")
            {
                errors.Add(GridError.Invalid($"arm '{arm.Name}'", "has a name that answers use for something else.", "Name it otherwise: a, b, control."));
            }

            if (!(arm.Weight > 0 && arm.Weight <= 1e9))
            {
                errors.Add(GridError.Invalid($"arm '{arm.Name}'", string.Create(CultureInfo.InvariantCulture, $"has the weight {arm.Weight}."), "Give a weight over 0 and up to 1e9."));
            }
        }

        errors.AddRange(experiment.Arms.GroupBy(static arm => arm.Name, StringComparer.Ordinal).Where(static group => group.Count() > 1)
            .Select(static group => GridError.Invalid($"arm '{group.Key}'", "is there twice.", "Give each arm a name of its own.")));
        AddSticky(experiment.Sticky, errors);
        Throw(errors);
    }

    /// <exception cref="GridException">It is too long.</exception>
    public static string? CheckReason(string? reason) =>
        reason is null || reason.Length <= MaxReason ? reason : throw GridError.Invalid("reason", $"has {reason.Length} characters; the limit is {MaxReason}.", "Say it in fewer.").ToException();

    /// <summary>Sets an entry of a bounded dictionary, or takes it away where the value is null.</summary>
    /// <exception cref="GridException">The name, the value or the number of entries is out of its range.</exception>
    public static Dictionary<string, string>? With(Dictionary<string, string>? entries, string kind, string name, string? value)
    {
        GridNames.Require(kind, name);
        var next = new Dictionary<string, string>(entries ?? [], StringComparer.Ordinal);
        if (value is null)
        {
            next.Remove(name);
        }
        else if (value.Length > MaxTagValue)
        {
            throw GridError.Invalid($"{kind} '{name}'", $"has a value of {value.Length} characters; the limit is {MaxTagValue}.", "Keep long texts elsewhere and point to them.").ToException();
        }
        else
        {
            next[name] = value;
            if (next.Count > MaxEntries)
            {
                throw new GridError(GridErrorCode.TooLarge, $"{kind} '{name}'", $"would be one more than {MaxEntries}.", "Take another away first.").ToException();
            }
        }

        return next.Count == 0 ? null : next;
    }

    private static void AddName(string kind, string name, List<GridError> errors)
    {
        if (GridNames.Check(kind, name) is { } error)
        {
            errors.Add(error);
        }
    }

    private static void AddSticky(StickyBy sticky, List<GridError> errors)
    {
        if (!Enum.IsDefined(sticky))
        {
            errors.Add(GridError.Invalid("sticky", $"is {sticky}.", "Use entity, tenant or request."));
        }
    }

    private static void Throw(List<GridError> errors)
    {
        if (errors.Count > 0)
        {
            throw new GridException(errors);
        }
    }
}
