using Orleans;

namespace Grid.Abstractions;

/// <summary>The answer to a <see cref="MonitorReport"/>; what it says is done is stored.</summary>
/// <param name="Fingerprint">The layout in force; another one than the report's: ask for it and begin anew. 0: the version is not watched yet, ask for its layout.</param>
/// <param name="Done">How many deltas from the first on need not be sent again; the rest is too early.</param>
/// <param name="TenantColumns">Columns of the layout, by place, that the silo should look at tenant by tenant from now on, because a signal is open; null for none.</param>
[GenerateSerializer, Immutable, Alias("grid.monitor-reply")]
public sealed record MonitorReply([property: Id(0)] ulong Fingerprint, [property: Id(1)] int Done, [property: Id(2)] int[]? TenantColumns = null);
