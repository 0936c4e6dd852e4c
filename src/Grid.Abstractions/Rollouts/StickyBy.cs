namespace Grid.Abstractions;

/// <summary>What keeps its version while a rollout lasts. Values are wire and store format.</summary>
public enum StickyBy : byte
{
    /// <summary>An entity of a tenant: all its predictions come from one version.</summary>
    Entity = 1,

    /// <summary>A tenant: all its entities have one version.</summary>
    Tenant = 2,

    /// <summary>Nothing: each request is drawn anew.</summary>
    Request = 3,
}
