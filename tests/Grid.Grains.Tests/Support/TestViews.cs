namespace Grid.Grains.Tests.Support;

/// <summary>Views over purchases: one entity per card, one per tenant.</summary>
internal static class TestViews
{
    public const string Card = """
        view: card
        entity: card
        lateness: 1h
        events: { buy: { card: text, amount: number } }
        features:
          - { name: n, event: buy, aggregate: count }
          - { name: sum, event: buy, aggregate: sum, field: amount }
        """;

    /// <summary>One feature more than <see cref="Card"/>.</summary>
    public const string CardWithMax = Card + """

          - { name: max, event: buy, aggregate: max, field: amount }
        """;

    public const string Shop = """
        view: shop
        scope: tenant
        lateness: 1h
        events: { buy: { card: text, amount: number } }
        features:
          - { name: n, event: buy, aggregate: count }
        """;
}
