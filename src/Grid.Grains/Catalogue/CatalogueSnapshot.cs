using System.Collections.Immutable;
using Grid.Features.Plans;
using Grid.Inference.Manifests;
using Grid.Primitives;

namespace Grid.Grains.Catalogue;

/// <summary>The whole catalogue as of one revision. Immutable: replaced whole, never mutated.</summary>
internal sealed class CatalogueSnapshot
{
    public static readonly CatalogueSnapshot Empty = new(
        0,
        ImmutableDictionary<string, Versioned<TenantEntry>>.Empty,
        ImmutableDictionary<string, WorkspaceViews>.Empty,
        ImmutableDictionary<string, ViewsEntry>.Empty,
        ImmutableDictionary<ModelKey, Versioned<ModelEntry>>.Empty,
        ImmutableDictionary<VersionKey, Versioned<VersionEntry>>.Empty,
        ImmutableDictionary<VersionKey, ManifestReplicas>.Empty,
        ImmutableDictionary<VersionKey, Versioned<ReplicasEntry>>.Empty);

    public CatalogueSnapshot(
        long revision,
        ImmutableDictionary<string, Versioned<TenantEntry>> tenants,
        ImmutableDictionary<string, WorkspaceViews> views,
        ImmutableDictionary<string, ViewsEntry> generations,
        ImmutableDictionary<ModelKey, Versioned<ModelEntry>> models,
        ImmutableDictionary<VersionKey, Versioned<VersionEntry>> versions,
        ImmutableDictionary<VersionKey, ManifestReplicas> placed,
        ImmutableDictionary<VersionKey, Versioned<ReplicasEntry>> replicas)
    {
        Revision = revision;
        Tenants = tenants;
        Views = views;
        Generations = generations;
        Models = models;
        Versions = versions;
        Placed = placed;
        Replicas = replicas;
    }

    public long Revision { get; }

    /// <summary>By <c>workspace/tenant</c>.</summary>
    public ImmutableDictionary<string, Versioned<TenantEntry>> Tenants { get; }

    /// <summary>By workspace.</summary>
    public ImmutableDictionary<string, WorkspaceViews> Views { get; }

    /// <summary>By <c>workspace/digest</c>.</summary>
    public ImmutableDictionary<string, ViewsEntry> Generations { get; }

    public ImmutableDictionary<ModelKey, Versioned<ModelEntry>> Models { get; }

    public ImmutableDictionary<VersionKey, Versioned<VersionEntry>> Versions { get; }

    /// <summary>What the manifests of versions that do not simply live everywhere say about their replicas.</summary>
    public ImmutableDictionary<VersionKey, ManifestReplicas> Placed { get; }

    /// <summary>Where such versions are wanted.</summary>
    public ImmutableDictionary<VersionKey, Versioned<ReplicasEntry>> Replicas { get; }

    /// <summary>Names of the silos that shall hold a version; null where it is wanted on every silo.</summary>
    public IReadOnlyList<string>? WantedOn(VersionKey key) =>
        !Placed.ContainsKey(key) ? null : Replicas.TryGetValue(key, out var replicas) ? replicas.Entry.Silos : [];

    /// <summary>Whether a silo shall hold a version.</summary>
    public bool IsWantedOn(VersionKey key, string silo) => WantedOn(key) is not { } silos || silos.Contains(silo, StringComparer.Ordinal);

    /// <summary>The compiled views of a workspace; <see cref="FeaturePlan.Empty"/> where none are applied.</summary>
    public FeaturePlan PlanOf(string workspace) => Views.TryGetValue(workspace, out var views) ? views.Plan : FeaturePlan.Empty;

    /// <summary>Versions of one model, by name.</summary>
    public IEnumerable<KeyValuePair<VersionKey, Versioned<VersionEntry>>> VersionsOf(ModelKey model) =>
        Versions.Where(pair => pair.Key.ModelKey == model).OrderBy(pair => pair.Key.Version, VersionOrder.Instance);
}
