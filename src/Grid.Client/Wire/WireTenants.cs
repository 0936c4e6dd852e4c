using Grid.Abstractions;

namespace Grid.Client.Wire;

/// <summary>Tenants, shards and views in wire form.</summary>
public static class WireTenants
{
    public static TenantBody ToBody(TenantInfo info) => new()
    {
        Workspace = info.Workspace,
        Tenant = info.Tenant,
        Shards = info.Shards,
        Created = new WireTime(info.CreatedMs),
    };

    public static TenantInfo FromBody(TenantBody body) => new(body.Workspace, body.Tenant, body.Shards, body.Created.UnixMs);

    public static ShardBody ToBody(ShardStatus status) => new()
    {
        Shard = status.Shard,
        Silo = status.Silo,
        Epoch = status.Epoch,
        AppliedSequence = status.AppliedSequence,
        DurableSequence = status.DurableSequence,
        SnapshotSequence = status.SnapshotSequence,
        Entities = status.Entities,
        StateBytes = status.StateBytes,
        EventsHandled = status.EventsHandled,
        Predictions = status.Predictions,
        Generation = status.Generation,
        StateDigest = status.StateDigest.Length == 0 ? null : status.StateDigest,
    };

    public static ShardStatus FromBody(ShardBody body) => new(
        body.Shard,
        body.Silo,
        body.Epoch,
        body.AppliedSequence,
        body.DurableSequence,
        body.SnapshotSequence,
        body.Entities,
        body.StateBytes,
        body.EventsHandled,
        body.Predictions,
        body.Generation,
        body.StateDigest ?? "");

    public static ViewsBody ToBody(ViewsInfo info) => new()
    {
        Workspace = info.Workspace,
        Generation = info.Generation,
        Views = info.Views,
        Yaml = info.Yaml,
        Revision = info.Revision,
        Changed = info.Changed,
    };

    public static ViewsInfo FromBody(ViewsBody body) => new(body.Workspace, body.Generation, [.. body.Views], body.Yaml, body.Revision, [.. body.Changed]);
}
