using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Primitives;

namespace Grid.Grains.Models;

/// <summary>What the catalogue says about models, and what a caller is told of those that are not there: the same at every door.</summary>
internal static class ModelCatalogue
{
    public static GridError UnknownModel(ModelKey key, CatalogueSnapshot snapshot)
    {
        var known = snapshot.Models.Keys.Where(k => k.Workspace == key.Workspace).Select(k => k.Model).Order(StringComparer.Ordinal).Take(10).ToArray();
        return GridError.NotFound(
            $"model '{key.Model}'",
            $"is not in workspace '{key.Workspace}'.",
            known.Length == 0 ? "Register one: grid models push <folder>." : $"It has: {string.Join(", ", known)}.");
    }

    public static GridError UnknownVersion(VersionKey key, CatalogueSnapshot snapshot)
    {
        var known = snapshot.VersionsOf(key.ModelKey).Select(pair => pair.Key.Version).ToArray();
        return GridError.NotFound(
            $"version '{key.Version}' of model '{key.Model}'",
            "is not registered.",
            known.Length == 0 ? "The model has no version yet: grid models push <folder>." : $"It has: {string.Join(", ", known)}.");
    }

    public static GridError NothingLive(ModelKey key) =>
        new(GridErrorCode.FailedPrecondition, $"model '{key.Model}'", "has no live version.", "Make one live: grid models live <model> <version>.");

    public static GridError Retired(VersionKey key) =>
        new(GridErrorCode.FailedPrecondition, $"version '{key.Version}' of model '{key.Model}'", "is retired.", "Register its bytes under a new version.");

    public static GridError NoManifest(VersionKey key) =>
        new(
            GridErrorCode.FailedPrecondition,
            $"version '{key.Version}' of model '{key.Model}'",
            "has no manifest that says which features its inputs are.",
            "Register a version with a model.yaml, or send tensors to /v2/models/{model}/infer.");

    /// <summary>A model as the catalogue has it.</summary>
    public static ModelInfo Describe(ModelKey key, CatalogueSnapshot snapshot) =>
        new(
            key.Workspace,
            key.Model,
            snapshot.Models[key].Entry.Live,
            [.. snapshot.VersionsOf(key).Select(pair => pair.Key.Version)],
            snapshot.Revision)
        {
            Rollout = snapshot.Models[key].Entry.Rollout(),
            Aliases = snapshot.Models[key].Entry.Aliases ?? [],
            Tags = snapshot.Models[key].Entry.Tags ?? [],
        };

    /// <summary>The lifecycle of a version, with what the model's rollout makes of it.</summary>
    public static VersionState StateOf(VersionKey key, VersionState stored, ModelEntry? model) =>
        model is null ? stored
        : model.Live == key.Version ? VersionState.Live
        : model.Canary?.Version == key.Version ? VersionState.Canary
        : model.Experiment?.Arms.Any(arm => arm.Version == key.Version) == true ? VersionState.Arm
        : model.Shadows?.Contains(key.Version, StringComparer.Ordinal) == true ? VersionState.Shadow
        : stored;

    /// <summary>The version that a caller pinned: its name, or <c>@</c> and an alias.</summary>
    /// <exception cref="GridException">The model has no such alias.</exception>
    public static string Pinned(ModelKey key, ModelEntry model, string pin)
    {
        if (pin.Length == 0 || pin[0] != '@')
        {
            return pin;
        }

        var alias = pin[1..];
        return model.Aliases?.GetValueOrDefault(alias)
            ?? throw GridError.NotFound(
                $"alias '{alias}' of model '{key.Model}'",
                "names no version.",
                model.Aliases is { Count: > 0 } ? $"It has: {string.Join(", ", model.Aliases.Keys.Order(StringComparer.Ordinal))}." : "Set it: grid models alias <model> <alias> <version>.").ToException();
    }
}
