namespace Grid.Bench.Ingestion;

/// <summary>What the silo is given: the view whose aggregates the peers keep too, and the topic.</summary>
internal static class IngestFiles
{
    public const string View = "card";

    public static IReadOnlyDictionary<string, string> For(string bootstrap, int? fetchWaitMs) => new Dictionary<string, string>
    {
        ["cards.view.yaml"] = $$"""
            view: {{View}}
            entity: card
            clock: event
            events: { payment: { card: text, amount: number } }
            features:
              - { name: n, event: payment, aggregate: count }
              - { name: sum, event: payment, aggregate: sum, field: amount }
              - { name: last, event: payment, aggregate: last, field: amount }
            """,
        ["payments.source.yaml"] = $$"""
            source: payments
            topic: {{PaymentTopic.Name}}
            connection: { bootstrap_servers: "{{bootstrap}}"{{(fetchWaitMs is { } ms ? $", properties: {{ fetch.wait.max.ms: \"{ms}\" }}" : "")}} }
            mapping: { type: "field:type", tenant: key, fields: [card, amount] }
            """,
    };
}
