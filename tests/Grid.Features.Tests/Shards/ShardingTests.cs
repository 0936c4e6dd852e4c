using CsCheck;
using Grid.Features.Definitions;
using Grid.Features.Plans;
using Grid.Features.Tests.Model;
using Grid.Primitives;

namespace Grid.Features.Tests.Shards;

public sealed class ShardingTests
{
    [Fact]
    public void ManyShards_GiveWhatOneGives() => Gen.Select(ModelViews.Stream(1, 250, 8), Gen.Int[2, 5]).Sample(static c =>
    {
        var (events, shards) = c;
        using var one = new ShardHarness(ModelViews.Plan);
        var many = Enumerable.Range(0, shards).Select(i => new ShardHarness(ModelViews.Plan, null, i, shards)).ToArray();
        foreach (var e in events)
        {
            one.Deliver(e);
            var builder = new EventBatchBuilder();
            e.AddTo(builder);
            var parts = EventRouter.Split(builder.Build(), ModelViews.Plan, shards);
            for (var i = 0; i < shards; i++)
            {
                if (parts[i] is { } part)
                {
                    many[i].Deliver("feed", e.PartitionName, part);
                }
            }
        }

        var asOf = events.Max(static e => e.TimeMs) + 500;
        foreach (var entity in events.Select(static e => e.Entity).Distinct())
        {
            var owner = many[ShardHash.ShardOf(entity, shards)];
            Assert.Equal(one.Read(ModelViews.Vector, entity, asOf), owner.Read(ModelViews.Vector, entity, asOf));
            Assert.All(many.Where(m => m != owner), m => Assert.False(m.State.Exists("item", entity)));
        }

        Assert.Equal(one.State.Records.Order(), many.SelectMany(static m => m.State.Records).Distinct().Order());
        foreach (var shard in many)
        {
            shard.Dispose();
        }
    }, iter: 50);

    [Fact]
    public void OneShard_GetsTheBatchItself()
    {
        var batch = new EventBatchBuilder().Begin("buy").Time(1).End().Build();
        Assert.Same(batch, Assert.Single(EventRouter.Split(batch, ModelViews.Plan, 1)));
    }

    [Fact]
    public void EventsThatNoShardNeeds_GoToShardZero()
    {
        var builder = new EventBatchBuilder();
        builder.Begin("unknown").Time(1).End();
        builder.Begin("look").Time(1).End();
        var parts = EventRouter.Split(builder.Build(), ModelViews.Plan, 3);

        Assert.Equal(2, parts[0]!.Count);
        Assert.Null(parts[1]);
        Assert.Null(parts[2]);
    }

    [Fact]
    public void ViewsWithOnePartitionKey_ShareAShard_AndAnEventOfTwoKeysGoesToBoth()
    {
        var plan = FeaturePlan.Compile(ViewYaml.Parse("""
            view: card
            entity: card
            clock: event
            events: { pay: { card: text, merchant: text } }
            features: [ { name: n, event: pay, aggregate: count } ]
            ---
            view: merchant_by_card
            entity: merchant
            partition: card
            clock: event
            events: { pay: { card: text, merchant: text } }
            features: [ { name: n, event: pay, aggregate: count } ]
            ---
            view: merchant
            entity: merchant
            clock: event
            events: { pay: { card: text, merchant: text } }
            features: [ { name: n, event: pay, aggregate: count } ]
            """, "cards.yaml"));
        const int Shards = 16;
        var card = ShardHash.ShardOf("c1", Shards);
        var merchant = ShardHash.ShardOf("m1", Shards);
        Assert.NotEqual(card, merchant);
        var batch = new EventBatchBuilder().Begin("pay").Time(1_000).Position(0).Field("card", "c1").Field("merchant", "m1").End().Build();
        var parts = EventRouter.Split(batch, plan, Shards);

        Assert.Equal(new[] { card, merchant }.Order(), Enumerable.Range(0, Shards).Where(i => parts[i] is not null));
        using var cards = new ShardHarness(plan, null, card, Shards);
        using var merchants = new ShardHarness(plan, null, merchant, Shards);
        cards.Deliver("feed", "0", parts[card]!);
        merchants.Deliver("feed", "0", parts[merchant]!);
        Assert.Equal([("card", "c1"), ("merchant_by_card", "m1")], cards.State.Records.Order());
        Assert.Equal([("merchant", "m1")], merchants.State.Records);
    }
}
