using Grid.Abstractions;
using Grid.Client;
using Grid.Primitives;

namespace Grid.Grains.Tests.Support;

/// <summary>Purchases, pushed or delivered, and what the features say of them.</summary>
internal static class Buys
{
    public const string Feed = "buys";
    public const string Partition = "0";

    public static GridEvent Push(string key, string card, double amount, DateTimeOffset? time = null) =>
        new("buy", time ?? DateTimeOffset.UtcNow, key, new Dictionary<string, object?> { ["card"] = card, ["amount"] = amount });

    /// <summary>Events at the positions <paramref name="first"/> to <paramref name="last"/>, each of the amount of its position.</summary>
    public static EventBatch Batch(long first, long last, string card = "a")
    {
        var batch = new EventBatchBuilder();
        for (var position = first; position <= last; position++)
        {
            var time = 1_000_000_000_000 + (position * 1000);
            batch.Begin("buy").Time(time).Arrival(time).Position(position).Field("card", card).Field("amount", position).End();
        }

        return batch.Build();
    }

    public static SourceDelivery Delivery(long previous, long first, long last, long epoch = 1, bool fromFrontier = false, string card = "a") =>
        new(Feed, Partition, epoch, previous, fromFrontier, Batch(first, last, card));

    public static async Task<IReadOnlyList<float>> ReadAsync(IGridClient grid, string tenant, string card, params string[] features) =>
        (await grid.ReadFeaturesAsync(tenant, "card", card, features.Length == 0 ? ["n", "sum"] : features)).Values;

    public static async Task<IReadOnlyList<EventVerdict>> AppendAsync(IGridClient grid, string tenant, params GridEvent[] events) =>
        [.. (await grid.AppendAsync(tenant, events)).Select(answer => answer.Verdict)];
}
