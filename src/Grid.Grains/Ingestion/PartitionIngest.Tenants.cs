using Grid.Primitives;

namespace Grid.Grains.Ingestion;

/// <content>The tenants that records are of.</content>
internal sealed partial class PartitionIngest
{
    /// <summary>Tenants that are new to the partition, asked for at the same time: where each is made first, one after the other would take milliseconds each.</summary>
    private const int TenantsAtOnce = 32;

    /// <summary>Finds the shards of every tenant of a poll; the events of one that cannot be are poison.</summary>
    private async Task KnowTenantsAsync(RoutedRecords routed, List<PoisonRecord> poison)
    {
        HashSet<string>? strange = null;
        foreach (var tenant in routed.Decoded.Tenants.Span)
        {
            if (!_tenants.ContainsKey(tenant))
            {
                (strange ??= new HashSet<string>(StringComparer.Ordinal)).Add(tenant);
            }
        }

        if (strange is null)
        {
            return;
        }

        HashSet<string>? unknown = null;
        foreach (var asked in strange.Chunk(TenantsAtOnce))
        {
            var shards = await Task.WhenAll(asked.Select(tenant => RetryAsync(() => _services.Tenants.ShardsAsync(_options.Workspace, tenant, _stopping.Token))));
            foreach (var (tenant, count) in asked.Zip(shards))
            {
                if (count > 0)
                {
                    _tenants.Add(tenant, new TenantLanes(_options.Workspace, tenant, count));
                }
                else
                {
                    (unknown ??= new HashSet<string>(StringComparer.Ordinal)).Add(tenant);
                }
            }
        }

        if (unknown is not null)
        {
            SetUnknownAside(routed, unknown, poison);
        }
    }

    private void SetUnknownAside(RoutedRecords routed, HashSet<string> unknown, List<PoisonRecord> poison)
    {
        var reader = new EventBatchReader(routed.Decoded.Events);
        for (var i = 0; reader.MoveNext(); i++)
        {
            var tenant = routed.Decoded.Tenants.Span[i];
            if (unknown.Contains(tenant))
            {
                poison.Add(new PoisonRecord(routed.RecordAt(reader.Position), tenant, "UnknownTenant", $"tenant '{tenant}' is not in workspace '{_options.Workspace}'."));
            }
        }
    }
}
