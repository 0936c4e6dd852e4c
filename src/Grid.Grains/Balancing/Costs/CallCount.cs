using Grid.Primitives;

namespace Grid.Grains.Balancing.Costs;

/// <summary>Calls of one version.</summary>
/// <param name="Version">The version.</param>
/// <param name="Calls">All of them.</param>
/// <param name="Remote">Those that another silo's replica answered, or that found none.</param>
internal readonly record struct CallCount(VersionKey Version, long Calls, long Remote);
