using Orleans.Services;

namespace Grid.Grains.Catalogue;

/// <summary>One per silo: keeps the silo's copy of the catalogue fresh and its model host in line with it.</summary>
[Alias("grid.ICatalogueGrainService"), GrainInterfaceType("grid.catalogue-service")]
internal interface ICatalogueGrainService : IGrainService
{
    /// <summary>The catalogue has reached a revision; returns the revision that this silo now has in force.</summary>
    [Alias("Advance")]
    Task<long> AdvanceAsync(long revision);
}
