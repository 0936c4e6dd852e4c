using Grid.Features.Definitions;
using Grid.Features.Paging;
using Grid.Features.Plans;
using Grid.Features.Shards;
using Grid.Features.Tests.Model;
using Grid.Primitives;

namespace Grid.Features.Tests.Shards;

public sealed class DecisionTests
{
    private const long Now = 1_700_000_000_000;
    private const long Minute = 60_000;

    private static readonly FeaturePlan s_plan = FeaturePlan.Compile(ViewYaml.Parse("""
        view: item
        entity: id
        lateness: 10m
        events: { buy: { id: text, amount: number, ok: bool } }
        features:
          - { name: n, event: buy, aggregate: count }
          - { name: sum, event: buy, aggregate: sum, field: amount }
        """, "decisions.yaml"));

    public static TheoryData<string, EventReason, string?> Refusals => new()
    {
        { "no time", EventReason.NoTime, null },
        { "far time", EventReason.TimeOutOfRange, null },
        { "no id", EventReason.MissingKey, "id" },
        { "null id", EventReason.MissingKey, "id" },
        { "empty id", EventReason.MissingKey, "id" },
        { "long id", EventReason.KeyTooLong, "id" },
        { "number id", EventReason.WrongKind, "id" },
        { "text amount", EventReason.WrongKind, "amount" },
        { "number ok", EventReason.WrongKind, "ok" },
        { "nan", EventReason.NotFinite, "amount" },
        { "infinity", EventReason.NotFinite, "amount" },
    };

    [Theory]
    [MemberData(nameof(Refusals))]
    public void AnEventThatBreaksTheSchema_IsRefusedByPush_AndSetAsideByDelivery(string what, EventReason reason, string? field)
    {
        using var harness = new ShardHarness(s_plan);
        var empty = harness.State.StateDigest();
        var outcome = harness.Push(Wrong(what, position: null), Now)[0];

        Assert.Equal(new EventOutcome(EventVerdict.Refused, reason, field), outcome);
        Assert.NotNull(outcome.ToError("events[0]")!.Fix);
        Assert.Equal(0, harness.State.OutboxCount);
        Assert.Equal(empty, harness.State.StateDigest());

        harness.Deliver("feed", "0", Wrong(what, position: 7));
        var entry = Assert.Single(harness.State.PeekOutbox(10));
        Assert.Equal(outcome, entry.Outcome);
        Assert.Equal(("feed", "0", 7L), (entry.Feed, entry.Partition, entry.Position));
        Assert.Equal(1, entry.Event.Count);
        Assert.Equal(7, harness.State.GetMark("feed", "0"));
        Assert.Equal(0, harness.State.RecordCount);
    }

    [Fact]
    public void UnknownFieldsAndMissingOptionalOnes_AreNoFault()
    {
        using var harness = new ShardHarness(s_plan);
        var builder = new EventBatchBuilder();
        builder.Begin("buy").Time(Now).Key("1").Field("id", "a").Field("other", "x").FieldNull("amount").End();
        builder.Begin("buy").Time(Now).Key("2").Field("id", "a").Field("amount", 5).End();

        Assert.All(harness.Push(builder.Build(), Now), static o => Assert.Equal(EventVerdict.Accepted, o.Verdict));
        Assert.Equal([2f, 5f], harness.Read(s_plan.BindVector(["item.n", "item.sum"]), "a", Now));
    }

    [Theory]
    [InlineData(5 * Minute, EventVerdict.Accepted)]
    [InlineData((5 * Minute) + 1, EventVerdict.Quarantined)]
    [InlineData(-10 * Minute, EventVerdict.Accepted)]
    [InlineData((-10 * Minute) - 1, EventVerdict.Late)]
    public void TimesAreJudgedAgainstTheArrival(long offset, EventVerdict expected)
    {
        using var harness = new ShardHarness(s_plan);
        Assert.Equal(expected, harness.Push(Buy(Now + offset, "k"), Now)[0].Verdict);
        Assert.Equal(expected == EventVerdict.Accepted ? 0 : 1, harness.State.OutboxCount);

        // What was set aside may come again under its key: it is not in the features.
        Assert.Equal(expected == EventVerdict.Accepted ? EventVerdict.Duplicate : expected, harness.Push(Buy(Now + offset, "k"), Now)[0].Verdict);
    }

    [Fact]
    public void ADeliveredEvent_IsLateAgainstTheWatermarkOfItsOwnPartition()
    {
        using var harness = new ShardHarness(s_plan);
        harness.Deliver("feed", "0", Delivered(Now, 1, Now));
        harness.Deliver("feed", "0", Delivered(Now - (10 * Minute) - 1, 2, Now - (10 * Minute)));
        harness.Deliver("feed", "1", Delivered(Now - (10 * Minute) - 1, 2, Now - (10 * Minute)));

        var late = Assert.Single(harness.State.PeekOutbox(10));
        Assert.Equal((EventVerdict.Late, "0"), (late.Outcome.Verdict, late.Partition));
        Assert.Equal([2f], harness.Read(s_plan.BindVector(["item.n"]), "a", Now));
    }

    [Fact]
    public void AViewOnEventTime_KnowsNoFuture()
    {
        var plan = FeaturePlan.Compile([.. s_plan.Views.Select(static v => v.Definition with { Clock = ViewClock.Event })]);
        using var harness = new ShardHarness(plan);

        Assert.Equal(EventVerdict.Accepted, harness.Push(Buy(Now + (100 * Minute), "k"), Now)[0].Verdict);
        Assert.Equal(EventVerdict.Late, harness.Push(Buy(Now, "k2"), Now)[0].Verdict);
    }

    [Fact]
    public void AnEventFromTheFuture_ThatOnlyAViewOnEventTimeTakes_MakesNothingLateForOthers()
    {
        var history = s_plan.Views[0].Definition with { Name = "history", Clock = ViewClock.Event };
        using var harness = new ShardHarness(FeaturePlan.Compile([s_plan.Views[0].Definition, history]));

        Assert.Equal(EventVerdict.Accepted, harness.Push(Buy(Now + (100 * Minute), "k"), Now)[0].Verdict);
        Assert.False(harness.State.Exists("item", "a"));
        Assert.Equal(EventVerdict.Accepted, harness.Push(Buy(Now, "k2"), Now)[0].Verdict);
        Assert.Equal(Now, harness.State.NewestEventMs("item", "a"));
        Assert.Equal(Now + (100 * Minute), harness.State.NewestEventMs("history", "a"));
    }

    [Fact]
    public void AnEventThatOneViewTakes_IsAccepted_ThoughAnotherDoesNot()
    {
        var strict = s_plan.Views[0].Definition with { Name = "strict", Lateness = TimeSpan.Zero };
        var plan = FeaturePlan.Compile([s_plan.Views[0].Definition, strict]);
        using var harness = new ShardHarness(plan);

        Assert.Equal(EventVerdict.Accepted, harness.Push(Buy(Now - Minute, "k"), Now)[0].Verdict);
        Assert.True(harness.State.Exists("item", "a"));
        Assert.False(harness.State.Exists("strict", "a"));
        Assert.Equal(0, harness.State.OutboxCount);
    }

    [Fact]
    public void AnEventThatNoViewTakes_IsUnrouted()
    {
        using var harness = new ShardHarness(s_plan);
        var builder = new EventBatchBuilder();
        builder.Begin("sell").Time(Now).Key("k").Field("id", "a").End();

        Assert.Equal(EventVerdict.Unrouted, harness.Push(builder.Build(), Now)[0].Verdict);
        Assert.False(harness.State.HasPending);
    }

    [Fact]
    public void AFullOutbox_RefusesDeliveries_UntilItIsAcknowledged()
    {
        using var harness = new ShardHarness(s_plan, new ShardStateOptions { OutboxCapacity = 2 });
        var builder = new EventBatchBuilder();
        for (var i = 0; i < 4; i++)
        {
            builder.Begin("buy").Time(Now).Position(i).End();
        }

        builder.Begin("buy").Time(Now).Position(4).Field("id", "a").End();
        var batch = builder.Build();
        var cursor = harness.Deliver("feed", "0", batch);

        Assert.Equal((DeliveryRefusal.OutboxFull, 2), (cursor.Stopped, cursor.Handled));
        Assert.Equal(1, harness.State.GetMark("feed", "0"));
        Assert.Equal(DeliveryRefusal.OutboxFull, harness.State.BeginDelivery("feed", "0", 1, false).Refusal);
        Assert.Equal(new EventOutcome(EventVerdict.Refused, EventReason.OutboxFull), harness.Push(Buy(0, "late"), Now)[0]);
        Assert.True(harness.Push(Buy(0, "late"), Now)[0].IsTransient);

        harness.State.AckOutbox(harness.State.PeekOutbox(10)[^1].Sequence);
        cursor = harness.Deliver("feed", "0", batch);
        Assert.Equal((DeliveryRefusal.None, 5), (cursor.Stopped, cursor.Handled));
        Assert.Equal([3L, 4L], harness.State.PeekOutbox(10).Select(static e => e.Sequence));
        Assert.True(harness.State.Exists("item", "a"));
    }

    [Fact]
    public void TheOutbox_SurvivesInLogAndSnapshot()
    {
        using var harness = new ShardHarness(s_plan);
        harness.Deliver("feed", "0", Wrong("no id", 1));
        harness.Deliver("feed", "0", Wrong("nan", 2));
        harness.Deliver("feed", "0", Wrong("no time", 3));
        harness.State.AckOutbox(1);
        harness.Seal();
        using var replayed = harness.Load();
        harness.Store(harness.Capture());
        using var restored = harness.Load();
        harness.Deliver("feed", "0", Wrong("no time", 4));
        harness.State.AckOutbox(2);
        harness.Seal();
        restored.Replay(harness.Log[^1]);

        // Sequences go on after an outbox that was empty when the snapshot was taken.
        harness.State.AckOutbox(4);
        harness.Seal();
        harness.Store(harness.Capture());
        using var emptied = harness.Load();
        var cursor = emptied.BeginDelivery("feed", "0", 4, false).Cursor;
        emptied.ApplyDelivery(Wrong("no time", 5), ref cursor, 1);
        Assert.Equal(5, Assert.Single(emptied.PeekOutbox(10)).Sequence);
        harness.Deliver("feed", "0", Wrong("no time", 5));
        Assert.Equal(5, Assert.Single(harness.State.PeekOutbox(10)).Sequence);

        AssertEntries([2, 3], replayed);
        AssertEntries([3, 4], restored);

        static void AssertEntries(long[] expected, ShardState state)
        {
            var entries = state.PeekOutbox(10);
            Assert.Equal(expected, entries.Select(static e => e.Sequence));
            Assert.Equal(expected, entries.Select(static e => e.Position));
            var reader = new EventBatchReader(entries[0].Event);
            Assert.True(reader.MoveNext());
            Assert.Equal("buy", entries[0].Event.Names[reader.TypeIndex]);
        }
    }

    [Fact]
    public void FullMemory_RefusesEventsAndKeepsWhatIsThere()
    {
        var pool = new PagePool(20 * 16_384);
        using var state = new ShardState(s_plan, 0, 1, pool);
        var outcomes = new EventOutcome[1];
        var accepted = 0;
        for (; accepted < 1_000_000; accepted++)
        {
            var cursor = default(PushCursor);
            state.ApplyPush(Buy(Now, $"k{accepted}", $"entity-{accepted}"), Now, ref cursor, 1, outcomes);
            if (outcomes[0].Verdict != EventVerdict.Accepted)
            {
                break;
            }
        }

        Assert.Equal(new EventOutcome(EventVerdict.Refused, EventReason.MemoryFull), outcomes[0]);
        Assert.Equal(GridErrorCode.Overloaded, outcomes[0].ToError("events[0]")!.Code);
        Assert.Equal(accepted, state.RecordCount);
        Assert.InRange(pool.RentedBytes, 1, 20 * 16_384);
        var check = state.BeginDelivery("feed", "0", -1, false).Cursor;
        Assert.Equal(0, state.ApplyDelivery(Delivered(Now, 1, Now), ref check, 1));
        Assert.Equal(DeliveryRefusal.MemoryFull, check.Stopped);
        Assert.Equal(-1, state.GetMark("feed", "0"));
    }

    [Fact]
    public void KeysBeyondTheirCapacity_AreRefused()
    {
        using var harness = new ShardHarness(s_plan, new ShardStateOptions { KeyCapacity = 1_000 });
        for (var i = 0; i < 1_000; i++)
        {
            Assert.Equal(EventVerdict.Accepted, harness.Push(Buy(Now, $"k{i}"), Now)[0].Verdict);
        }

        Assert.Equal(new EventOutcome(EventVerdict.Refused, EventReason.KeysFull), harness.Push(Buy(Now, "one more"), Now)[0]);
        Assert.Equal(EventVerdict.Duplicate, harness.Push(Buy(Now, "k0"), Now)[0].Verdict);
    }

    [Fact]
    public void AMalformedBatch_ChangesNothing()
    {
        using var harness = new ShardHarness(s_plan);
        var builder = new EventBatchBuilder();
        builder.Begin("buy").Time(Now).Key("1").Field("id", "a").End();
        builder.Begin("buy").Time(Now).Key("2").Field("id", "b").End();
        var whole = builder.Build();
        for (var length = 1; length < whole.Payload.Length; length++)
        {
            var cut = new EventBatch(whole.Names, whole.Payload[..length], 2);
            Assert.Throws<GridException>(() => harness.Push(cut, Now));
        }

        Assert.False(harness.State.HasPending);
        var unpositioned = Assert.Throws<GridException>(() => harness.Deliver("feed", "0", whole));
        Assert.Contains("event 0", unpositioned.Message, StringComparison.Ordinal);
        Assert.Throws<GridException>(() => harness.State.BeginDelivery("push", "0", -1, false));
    }

    [Fact]
    public void AnExpiredEntity_ReadsAsStale_AndBeginsAnew()
    {
        var plan = FeaturePlan.Compile([.. s_plan.Views.Select(static v => v.Definition with { TimeToLive = TimeSpan.FromHours(1), Clock = ViewClock.Event })]);
        using var harness = new ShardHarness(plan);
        var vector = plan.BindVector(["item.n"]);
        var values = new float[1];
        var states = new FeatureState[1];
        harness.Push(Buy(Now, "1"), Now);
        harness.Push(Buy(Now + 1, "2"), Now);

        Assert.True(harness.State.ReadVector(vector, "a", Now + (60 * Minute) + 1, [], values, states).IsOk);
        Assert.Equal((2f, FeatureState.Fresh), (values[0], states[0]));
        harness.State.ReadVector(vector, "a", Now + (60 * Minute) + 2, [], values, states);
        Assert.Equal((0f, FeatureState.Stale), (values[0], states[0]));
        harness.Push(Buy(Now + (60 * Minute) + 2, "3"), Now);
        harness.State.ReadVector(vector, "a", Now + (60 * Minute) + 2, [], values, states);
        Assert.Equal((1f, FeatureState.Fresh), (values[0], states[0]));
    }

    [Fact]
    public void RequestValues_AreRequiredUnlessTheyHaveADefault()
    {
        using var harness = new ShardHarness(s_plan);
        var vector = s_plan.BindVector([VectorColumn.Request("hour"), VectorColumn.Feature("item.n"), VectorColumn.Request("price", 9), VectorColumn.Request("hour")]);
        var values = new float[4];
        var states = new FeatureState[4];

        Assert.True(harness.State.ReadVector(vector, "a", Now, [3, double.NaN], values, states).IsOk);
        Assert.Equal([3f, 0f, 9f, 3f], values);
        Assert.Equal([FeatureState.Fresh, FeatureState.Missing, FeatureState.Default, FeatureState.Fresh], states);
        Assert.Contains("'hour'", harness.State.ReadVector(vector, "a", Now, [double.NaN, 1], values).Error!.Target, StringComparison.Ordinal);
        Assert.Contains("'price'", harness.State.ReadVector(vector, "a", Now, [1, double.PositiveInfinity], values).Error!.Target, StringComparison.Ordinal);
        Assert.NotNull(harness.State.ReadVector(vector, "a", Now, [1], values).Error);
        Assert.Equal(GridErrorCode.InvalidArgument, harness.State.ReadVector(vector, "", Now, [1, 1], values).Error!.Code);
        Assert.Equal(GridErrorCode.InvalidArgument, harness.State.ReadVector(vector, new string('x', 513), Now, [1, 1], values).Error!.Code);
        Assert.Equal(GridErrorCode.InvalidArgument, harness.State.ReadVector(vector, "a", long.MaxValue, [1, 1], values).Error!.Code);
        Assert.Equal(GridErrorCode.FailedPrecondition, harness.State.ReadVector(ModelViews.Vector, "a", Now, [], new float[ModelViews.Vector.Count]).Error!.Code);
    }

    private static EventBatch Buy(long timeMs, string key, string id = "a")
    {
        var builder = new EventBatchBuilder();
        builder.Begin("buy").Time(timeMs).Key(key).Field("id", id).End();
        return builder.Build();
    }

    private static EventBatch Delivered(long timeMs, long position, long arrivalMs)
    {
        var builder = new EventBatchBuilder();
        builder.Begin("buy").Time(timeMs).Arrival(arrivalMs).Position(position).Field("id", "a").End();
        return builder.Build();
    }

    private static EventBatch Wrong(string what, long? position)
    {
        var builder = new EventBatchBuilder();
        builder.Begin("buy");
        if (what != "no time")
        {
            builder.Time(what == "far time" ? 1L << 60 : Now);
        }

        _ = position is { } at ? builder.Position(at) : builder.Key("key");
        _ = what switch
        {
            "no id" => builder,
            "null id" => builder.FieldNull("id"),
            "empty id" => builder.Field("id", ""),
            "long id" => builder.Field("id", new string('x', 513)),
            "number id" => builder.Field("id", 1),
            _ => builder.Field("id", "a"),
        };
        _ = what switch
        {
            "text amount" => builder.Field("amount", "1"),
            "number ok" => builder.Field("ok", 1),
            "nan" => builder.Field("amount", double.NaN),
            "infinity" => builder.Field("amount", double.NegativeInfinity),
            _ => builder,
        };
        return builder.End().Build();
    }
}
