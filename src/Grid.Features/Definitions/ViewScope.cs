namespace Grid.Features.Definitions;

/// <summary>What one record of a view describes.</summary>
public enum ViewScope
{
    /// <summary>One record for every value of the view's entity field.</summary>
    Entity,

    /// <summary>One record for the whole tenant; every shard of the tenant keeps its own copy.</summary>
    Tenant,
}
