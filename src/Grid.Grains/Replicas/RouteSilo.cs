using Orleans.Runtime;

namespace Grid.Grains.Replicas;

/// <summary>A silo as a route looks at it. Immutable.</summary>
/// <param name="Address">Its address between silos.</param>
/// <param name="Name">Its name, by which the catalogue wants replicas.</param>
/// <param name="Zone">Where it stands; empty where nobody said.</param>
/// <param name="Labels">What replicas may ask of it.</param>
/// <param name="IsLeaving">It gives its work away.</param>
/// <param name="IsSilent">It has not been heard of for so long that it may be gone.</param>
internal sealed record RouteSilo(SiloAddress Address, string Name, string Zone, IReadOnlyList<string> Labels, bool IsLeaving, bool IsSilent);
