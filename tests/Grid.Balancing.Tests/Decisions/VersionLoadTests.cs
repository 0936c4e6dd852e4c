using System.Collections.Immutable;
using Grid.Abstractions;
using Grid.Grains.Balancing;
using Grid.Grains.Balancing.Control;
using Grid.Grains.Balancing.Costs;
using Grid.Grains.Catalogue;
using Grid.Inference.Manifests;
using Grid.Primitives;
using static Grid.Balancing.Tests.Support.Maps;

namespace Grid.Balancing.Tests.Decisions;

/// <summary>What the balancer makes of the catalogue and of what silos say they hold.</summary>
public sealed class VersionLoadTests
{
    private static readonly VersionKey s_key = new("default", "m", "1");

    private static readonly ManifestReplicas s_terms = new() { Min = 0, Max = 2, IdleMinutes = 1 };

    [Fact]
    public void VersionThatSaysNothing_IsWantedEverywhereThatStays()
    {
        var load = Assert.Single(VersionLoads.Of([Report("a", 5), Report("b", null), Report("c", null, SiloState.Draining)], CatalogueSnapshot.Empty, Now));

        Assert.Equal((2, 2), (load.MinReplicas, load.MaxReplicas));
        Assert.Equal(["a", "b"], load.Replicas.Select(static r => r.Silo));
    }

    [Fact]
    public void PlannedVersion_CountsWhatIsPlannedAndWhatARequestLoaded()
    {
        var load = Assert.Single(VersionLoads.Of([Report("a", 5000), Report("b", 700), Report("c", null)], Plan(VersionState.Staged, Now - 1000, "a"), Now));

        Assert.Equal((0, 2, 60_000L, Now - 700), (load.MinReplicas, load.MaxReplicas, load.IdleAfterMs!.Value, load.LastCallMs));
        Assert.Equal([new WantedReplica("a", true, true), new WantedReplica("b", true, false)], load.Replicas);
    }

    [Fact]
    public void PlannedReplicaThatIsNotThereYet_IsNotIdle()
    {
        LoadReport[] nobody = [Report("a", null), Report("b", null)];

        Assert.Equal(Now, Assert.Single(VersionLoads.Of(nobody, Plan(VersionState.Staged, Now - 599_999, "a"), Now)).LastCallMs);
        Assert.Equal(Now - 600_000, Assert.Single(VersionLoads.Of(nobody, Plan(VersionState.Staged, Now - 600_000, "a"), Now)).LastCallMs);
        Assert.Equal(0, Assert.Single(VersionLoads.Of(nobody, Plan(VersionState.Staged, Now - 1000), Now)).LastCallMs);
    }

    [Fact]
    public void VersionWithoutTraffic_HasNoMinimum()
    {
        Assert.Equal(1, Assert.Single(VersionLoads.Of([Report("a", null)], Plan(VersionState.Staged, Now, "a", s_terms with { Min = 1 }), Now)).MinReplicas);
        Assert.Equal(0, Assert.Single(VersionLoads.Of([Report("a", null)], Plan(VersionState.Registered, Now, "a", s_terms with { Min = 1 }), Now)).MinReplicas);
    }

    private static LoadReport Report(string silo, long? idleMs, SiloState state = SiloState.Active) =>
        new(Silo(silo, 1) with { State = state }, idleMs is { } idle ? [new LoadedVersion(s_key.ToString(), true, MiB, 1e-4, idle)] : []);

    private static CatalogueSnapshot Plan(VersionState state, long atMs, string? silo = null, ManifestReplicas? terms = null) => new(
        1,
        CatalogueSnapshot.Empty.Tenants,
        CatalogueSnapshot.Empty.Views,
        CatalogueSnapshot.Empty.Generations,
        CatalogueSnapshot.Empty.Models,
        ImmutableDictionary<VersionKey, Versioned<VersionEntry>>.Empty.Add(s_key, new Versioned<VersionEntry>(new VersionEntry("", state, [], [], [], null, 0), 1)),
        ImmutableDictionary<VersionKey, ManifestReplicas>.Empty.Add(s_key, terms ?? s_terms),
        ImmutableDictionary<VersionKey, Versioned<ReplicasEntry>>.Empty.Add(s_key, new Versioned<ReplicasEntry>(new ReplicasEntry(silo is null ? [] : [silo], "", atMs), 1)));
}
