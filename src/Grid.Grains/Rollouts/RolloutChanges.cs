using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Primitives;

namespace Grid.Grains.Rollouts;

/// <summary>
/// What each action makes of a model's entry: the new division, the next number, and the step in the trail, in one value that one compare-and-swap stores. Pure.
/// </summary>
internal static class RolloutChanges
{
    /// <summary>Each step is some 300 bytes, and every silo holds them.</summary>
    public const int MaxTrail = 64;

    /// <summary>Years of weekly versions.</summary>
    public const int MaxLives = 512;

    /// <summary>Each shadow doubles the work of a prediction.</summary>
    public const int MaxShadows = 8;

    public const int MaxArms = 16;

    /// <summary>Gives a version all traffic: ends the canary or the experiment, and its own being a shadow.</summary>
    public static ModelEntry Live(ModelEntry entry, string version, RolloutAction action, RolloutNote note)
    {
        var next = entry with
        {
            Live = version,
            Canary = null,
            Experiment = null,
            Shadows = Without(entry.Shadows, version),
            Lives = entry.Live == version ? entry.Lives : Append(entry.Lives, new LiveSpan(version, note.AtMs), MaxLives),
        };
        return Record(next, action, version, note);
    }

    public static ModelEntry Canary(ModelKey model, ModelEntry entry, Canary canary, RolloutNote note)
    {
        RequireLive(model, entry);
        if (entry.Experiment is not null)
        {
            throw Occupied(model, "has an experiment in force").ToException();
        }

        if (entry.Live == canary.Version)
        {
            throw Failed(model, $"has version '{canary.Version}' live already", "Name another version as the canary.").ToException();
        }

        // The same version on the same terms goes on with who is in it; any other trial draws anew.
        var goesOn = entry.Canary is { } current && current.Version == canary.Version && current.Sticky == canary.Sticky;
        var next = entry with { Canary = canary, Trial = goesOn ? entry.Trial : entry.Number + 1, Shadows = Without(entry.Shadows, canary.Version) };
        return Record(next, RolloutAction.Canary, canary.Version, note);
    }

    public static ModelEntry Experiment(ModelKey model, ModelEntry entry, Experiment experiment, RolloutNote note)
    {
        RequireLive(model, entry);
        if (entry.Canary is not null)
        {
            throw Occupied(model, $"has version '{entry.Canary.Version}' as its canary").ToException();
        }

        var goesOn = entry.Experiment is { } current && current.Sticky == experiment.Sticky;
        var next = entry with { Experiment = experiment, Trial = goesOn ? entry.Trial : entry.Number + 1 };
        return Record(next, RolloutAction.Experiment, version: null, note);
    }

    /// <summary>Ends what is on trial, or makes the version before live again.</summary>
    public static ModelEntry Rollback(ModelKey model, ModelEntry entry, RolloutNote note)
    {
        if (entry.Canary is not null || entry.Experiment is not null)
        {
            return Record(entry with { Canary = null, Experiment = null }, RolloutAction.Rollback, entry.Canary?.Version, note);
        }

        return Live(entry, Before(model, entry), RolloutAction.Rollback, note);
    }

    /// <summary>The version that was live before the one that is.</summary>
    public static string Before(ModelKey model, ModelEntry entry) =>
        entry.Lives?.LastOrDefault(span => span.Version != entry.Live)?.Version
        ?? throw Failed(model, "has nothing on trial and no version that was live before", "Make a version live by name: grid models live <model> <version>.").ToException();

    public static ModelEntry Shadow(ModelKey model, ModelEntry entry, string version, bool isShadow, RolloutNote note)
    {
        var shadows = entry.Shadows ?? [];
        if (shadows.Contains(version, StringComparer.Ordinal) == isShadow)
        {
            return entry;
        }

        if (!isShadow)
        {
            return Record(entry with { Shadows = Without(shadows, version) }, RolloutAction.Unshadow, version, note);
        }

        RequireLive(model, entry);
        if (entry.Live == version || entry.Canary?.Version == version)
        {
            throw Failed(model, $"has version '{version}' answering already", "Name another version as the shadow.").ToException();
        }

        if (shadows.Length == MaxShadows)
        {
            throw Failed(model, $"has {MaxShadows} shadows, which is the limit", "Take one away: grid models shadow <model> <version> --off.").ToException();
        }

        return Record(entry with { Shadows = [.. shadows, version] }, RolloutAction.Shadow, version, note);
    }

    private static ModelEntry Record(ModelEntry entry, RolloutAction action, string? version, RolloutNote note)
    {
        var next = entry with { Number = entry.Number + 1 };
        var step = new RolloutStep(note.AtMs, action, version, note.IsAutomatic, note.Reason, note.Figures, next.Rollout());
        return next with { Trail = Append(next.Trail, step, MaxTrail) };
    }

    private static void RequireLive(ModelKey model, ModelEntry entry)
    {
        if (entry.Live is null)
        {
            throw Failed(model, "has no live version to try another against", "Make one live first: grid models live <model> <version>.").ToException();
        }
    }

    private static T[] Append<T>(T[]? list, T item, int max)
    {
        list ??= [];
        return list.Length < max ? [.. list, item] : [.. list[^(max - 1)..], item];
    }

    private static string[]? Without(string[]? shadows, string version) => shadows is null ? null : [.. shadows.Where(shadow => shadow != version)];

    private static GridError Occupied(ModelKey model, string what) => Failed(model, what, "End it first: grid models rollback <model>, or promote.");

    private static GridError Failed(ModelKey model, string what, string fix) => new(GridErrorCode.FailedPrecondition, $"model '{model.Model}'", $"{what}.", fix);
}
