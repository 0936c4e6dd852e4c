using Grid.Abstractions;
using Grid.Grains.Replicas;
using Grid.Inference.Manifests;

namespace Grid.Grains.Tests.Replicas;

/// <summary>Where a version begins.</summary>
public sealed class FirstReplicaTests
{
    private const string Version = "default/m/1";

    private static readonly SiloInfo[] s_silos = [Silo("a", "x"), Silo("b", "x"), Silo("c", "y"), Silo("d", "y")];

    [Fact]
    public void Minimum_SpreadsOverZones()
    {
        var chosen = FirstReplicas.Choose(Version, new ManifestReplicas { Min = 2, Max = 4 }, 1, s_silos);

        Assert.Equal(2, chosen.Length);
        Assert.Equal(["x", "y"], chosen.Select(name => s_silos.Single(silo => silo.Name == name).Zone).Order());
    }

    [Fact]
    public void MinimumOfNone_BeginsOnOne_AndWithoutAMaximumOnAll()
    {
        Assert.Single(FirstReplicas.Choose(Version, new ManifestReplicas { Min = 0, Max = 2 }, 1, s_silos));
        Assert.Equal(["a", "b", "c", "d"], FirstReplicas.Choose(Version, new ManifestReplicas { IdleMinutes = 5 }, 1, s_silos));
    }

    [Fact]
    public void FullSilo_IsTakenOnlyWhereNoOtherIsLeft_AndOneThatLeavesNever()
    {
        SiloInfo[] silos = [Silo("a", "x") with { MemoryUsedBytes = 95 }, Silo("b", "x"), Silo("c", "x") with { Phase = SiloPhase.Draining }];

        Assert.Equal(["b"], FirstReplicas.Choose(Version, new ManifestReplicas { Max = 1 }, 10, silos));
        Assert.Equal(["a", "b"], FirstReplicas.Choose(Version, new ManifestReplicas { Min = 3, Max = 3 }, 10, silos));
    }

    [Fact]
    public void Labels_AreAllNeeded()
    {
        SiloInfo[] silos = [Silo("a", "x") with { Labels = ["gpu"] }, Silo("b", "x") with { Labels = ["gpu", "large"] }];

        Assert.Equal(["b"], FirstReplicas.Choose(Version, new ManifestReplicas { Requires = ["gpu", "large"] }, 1, silos));
        Assert.Empty(FirstReplicas.Choose(Version, new ManifestReplicas { Requires = ["fpga"] }, 1, silos));
    }

    private static SiloInfo Silo(string name, string zone) => new() { Name = name, Address = name, Zone = zone, Cores = 2, MemoryLimitBytes = 100 };
}
