namespace Grid.Grains.Rollouts;

/// <summary>Who a request is for, as far as a rollout divides by it.</summary>
/// <param name="Tenant">The tenant.</param>
/// <param name="Entity">The entity; empty for requests by tensor, which name none.</param>
/// <param name="Ticket">A number that no other request has.</param>
internal readonly record struct RolloutSubject(string Tenant, string Entity, ulong Ticket);
