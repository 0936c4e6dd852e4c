namespace Grid.Chaos.Workload;

/// <summary>An event that a client pushed and that was acknowledged.</summary>
internal sealed record PushedEvent(int Tenant, string Key, EventFields Event);
