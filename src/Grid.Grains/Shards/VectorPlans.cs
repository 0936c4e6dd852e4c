using System.Collections.Concurrent;
using Grid.Abstractions;
using Grid.Features.Definitions;
using Grid.Features.Plans;
using Grid.Grains.Catalogue;
using Grid.Grains.Models;
using Grid.Inference.Hosting;
using Grid.Inference.Manifests;
using Grid.Primitives;

namespace Grid.Grains.Shards;

/// <summary>
/// Binds versions to layouts of the features, once for each pair. Thread-safe. Bounded: beyond the bound everything is bound anew,
/// which costs microseconds for each pair in use.
/// </summary>
internal sealed class VectorPlans
{
    private const int MaxPairs = 4096;

    private static readonly OutputLayout s_unknown = new([], []);

    private readonly ConcurrentDictionary<(FeaturePlan Plan, VersionKey Version, Digest Digest), BoundVector> _bound = new();

    /// <summary>Of versions that this silo does not hold; what their answers look like is known after the first.</summary>
    private readonly ConcurrentDictionary<(FeaturePlan Plan, VersionKey Version, string Digest), BoundVector> _afar = new();

    private readonly ConcurrentDictionary<(FeaturePlan Plan, string View), VectorPlan> _views = new();

    /// <exception cref="GridException">The version has no manifest, or asks for features that the views do not have.</exception>
    public BoundVector Bind(FeaturePlan plan, in Replica replica)
    {
        var pair = (plan, replica.Key, replica.Digest);
        if (_bound.TryGetValue(pair, out var bound))
        {
            return bound;
        }

        if (_bound.Count >= MaxPairs)
        {
            _bound.Clear();
        }

        return _bound.GetOrAdd(pair, Build(plan, replica));
    }

    /// <summary>Binds a version that another silo computes, from what the catalogue says of it.</summary>
    /// <exception cref="GridException">The version has no manifest, or asks for features that the views do not have.</exception>
    public BoundVector BindAfar(FeaturePlan plan, VersionKey key, VersionEntry version)
    {
        if (_afar.TryGetValue((plan, key, version.Digest), out var bound))
        {
            return bound;
        }

        if (_afar.Count >= MaxPairs)
        {
            _afar.Clear();
        }

        var manifest = version.Manifest is { } yaml ? ModelManifest.Parse(yaml) : null;
        return _afar.GetOrAdd((plan, key, version.Digest), Build(plan, key, version.Digest, manifest, version.Inputs.Select(static input => input.Name), s_unknown, manifest?.Limits.MaxBatch ?? 1));
    }

    /// <summary>Takes note of what a version's answers look like; the same object from the second answer on.</summary>
    public BoundVector Learn(FeaturePlan plan, VersionKey key, BoundVector vector, OutputLayout layout) =>
        !ReferenceEquals(vector.Layout, s_unknown)
            ? vector
            : _afar.AddOrUpdate(
                (plan, key, vector.Digest),
                _ => vector with { Layout = layout },
                (_, known) => ReferenceEquals(known.Layout, s_unknown) ? known with { Layout = layout } : known);

    /// <summary>All features of a view, or the named ones.</summary>
    /// <exception cref="GridException">There is no such view or feature.</exception>
    public VectorPlan BindView(FeaturePlan plan, string workspace, string viewName, string[]? features)
    {
        if (features is null && _views.TryGetValue((plan, viewName), out var bound))
        {
            return bound;
        }

        var view = plan.FindView(viewName) ?? throw UnknownView(plan, workspace, viewName).ToException();
        bound = plan.BindVector(
            [.. (features ?? [.. view.Definition.Features.Select(feature => feature.Name)]).Select(name => VectorColumn.Feature($"{viewName}.{name}"))],
            $"view '{viewName}'");
        if (features is null)
        {
            if (_views.Count >= MaxPairs)
            {
                _views.Clear();
            }

            _views[(plan, viewName)] = bound;
        }

        return bound;
    }

    private static GridError UnknownView(FeaturePlan plan, string workspace, string view) =>
        GridError.NotFound(
            $"view '{view}'",
            $"is not in workspace '{workspace}'.",
            plan.Views.Count == 0 ? "Apply views: grid views apply <file>." : $"It has: {string.Join(", ", plan.Views.Select(known => known.Name))}.");

    private static BoundVector Build(FeaturePlan plan, in Replica replica)
    {
        // The manifest first: one that names no inputs may belong to a model that takes no rows at all.
        RequireInputs(replica.Key, replica.Manifest);
        using var buffer = replica.Rent();
        var lengths = new int[replica.OutputNames.Length];
        for (var i = 0; i < lengths.Length; i++)
        {
            lengths[i] = buffer.Output(i).Length;
        }

        return Build(
            plan,
            replica.Key,
            replica.Digest.ToString(),
            replica.Manifest,
            replica.Signature.Inputs.Select(static input => input.Name),
            new OutputLayout([.. replica.OutputNames], lengths),
            replica.MaxBatch);
    }

    private static BoundVector Build(FeaturePlan plan, VersionKey key, string digest, ModelManifest? known, IEnumerable<string> names, OutputLayout layout, int maxBatch)
    {
        var manifest = RequireInputs(key, known);
        var target = $"version '{key.Version}' of model '{key.Model}'";
        var inputs = names.Select(input => plan.BindVector([.. ColumnsOf(manifest, input)], target)).ToArray();
        return new BoundVector(
            inputs,
            layout,
            key.Version,
            digest,
            manifest.AllowStaleReads,
            inputs.SelectMany(input => input.Views).All(view => view.Definition.Clock == ViewClock.Event),
            manifest.LogShare,
            maxBatch);
    }

    private static ModelManifest RequireInputs(VersionKey key, ModelManifest? manifest) =>
        manifest is { Inputs.Length: > 0 } ? manifest : throw ModelCatalogue.NoManifest(key).ToException();

    private static IEnumerable<VectorColumn> ColumnsOf(ModelManifest manifest, string input) =>
        manifest.Inputs.Single(declared => declared.Name == input).Columns.Select(column =>
            column.Source == ColumnSource.Feature
                ? VectorColumn.Feature($"{column.View}.{column.Name}")
                : VectorColumn.Request(column.Name, column.Default));
}
