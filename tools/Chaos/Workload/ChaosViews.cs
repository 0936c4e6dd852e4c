namespace Grid.Chaos.Workload;

/// <summary>The views and the source that every run uses. <c>Grid.Chaos.Checking</c> says the same once more in plain code.</summary>
internal static class ChaosViews
{
    public const string Feed = "chaos-1";
    public const string Topic = "chaos";
    public const int Partitions = 4;

    /// <summary>Sums that depend on the order of the events (<c>weight</c> has numbers that swallow others), windows, ties, and views that find different events late.</summary>
    public const string Yaml = """
        view: total
        entity: id
        clock: event
        lateness: 3650d
        events:
          buy: { id: text, amount: number, weight: number, shop: text, ok: bool }
        features:
          - { name: n, event: buy, aggregate: count }
          - { name: sum_w, event: buy, aggregate: sum, field: weight }
          - { name: mean_w_ok, event: buy, aggregate: mean, field: weight, where: ok == true }
          - { name: min_a, event: buy, aggregate: min, field: amount }
          - { name: max_a, event: buy, aggregate: max, field: amount, where: shop != 'b' }
          - { name: last_a, event: buy, aggregate: last, field: amount }
          - { name: since, event: buy, aggregate: time_since_last, unit: s, cap: 100000 }
          - { name: share_ok, event: buy, aggregate: share, where: ok == true }
          - { name: n_1m, event: buy, aggregate: count, window: 1m }
          - { name: sum_1m, event: buy, aggregate: sum, field: amount, window: 1m }
          - { name: max_1m, event: buy, aggregate: max, field: amount, window: 1m }
          - { name: last_1m, event: buy, aggregate: last, field: amount, where: shop == 'a', window: 1m }
          - { name: rate, aggregate: ratio, of: [sum_1m, n_1m] }
          - { name: delta, aggregate: difference, of: [max_a, min_a] }
        ---
        view: recent
        entity: id
        clock: event
        lateness: 10m
        events:
          buy: { id: text, amount: number }
          look: { id: text, page: text }
        features:
          - { name: looks, event: look, aggregate: count }
          - { name: home_5m, event: look, aggregate: count, where: page == 'home', window: 5m }
          - { name: buys, event: buy, aggregate: count }
          - { name: sum_10m, event: buy, aggregate: sum, field: amount, clamp: [0, 100], window: 10m }
        ---
        view: visits
        scope: tenant
        clock: arrival
        lateness: 1d
        events:
          visit: { weight: number }
        features:
          - { name: n, event: visit, aggregate: count }
          - { name: sum, event: visit, aggregate: sum, field: weight }
        """;

    /// <param name="bootstrapServers">The brokers.</param>
    /// <param name="frontierSeconds">How often the frontier is stored; what lies between is sent again to the shards after a crash.</param>
    public static string SourceYaml(string bootstrapServers, int frontierSeconds) => $$"""
        source: chaos
        topic: {{Topic}}
        identity: {{Feed}}
        park_after_seconds: 5
        frontier_interval_seconds: {{frontierSeconds}}
        connection:
          bootstrap_servers: "{{bootstrapServers}}"
          properties: { reconnect.backoff.ms: "20", reconnect.backoff.max.ms: "500", retry.backoff.ms: "20", retry.backoff.max.ms: "500", fetch.error.backoff.ms: "20", log_level: "0" }
        mapping: { type: "field:type", tenant: key, time: t, fields: [id, amount, weight, shop, ok, page] }
        """;
}
