namespace Grid.Inference.Scheduling;

/// <summary>Who asks, and until when. Immutable.</summary>
/// <param name="Tenant">Whose turn it takes: tenants that wait for one replica are served in turn. At most a name; never an address of a person.</param>
/// <param name="DeadlineTimestamp">A time stamp of the host's <see cref="TimeProvider"/> after which nobody wants the answer; 0: the manifest's <c>deadline_ms</c> from now.</param>
/// <param name="CancellationToken">Honoured until the run starts.</param>
public readonly record struct RunContext(string Tenant, long DeadlineTimestamp = 0, CancellationToken CancellationToken = default);
