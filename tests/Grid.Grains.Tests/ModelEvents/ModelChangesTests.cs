using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Grains.ModelEvents;
using Grid.Grains.Rollouts;
using Grid.Primitives;

namespace Grid.Grains.Tests.ModelEvents;

public sealed class ModelChangesTests
{
    private static readonly ModelKey Key = new("default", "score");
    private static readonly DateTimeOffset Now = DateTimeOffset.FromUnixTimeMilliseconds(9_000);

    [Fact]
    public void EachChange_IsToldOnce_InTheOrderInWhichItHappened()
    {
        var live = RolloutChanges.Live(new ModelEntry(null), "1", RolloutAction.Live, Note(2_000));
        var shadowed = RolloutChanges.Shadow(Key, live, "2", isShadow: true, Note(3_000)) with { Aliases = new() { ["champion"] = "1" }, Tags = new() { ["team"] = "risk" } };
        var (told, events, missed) = ModelChanges.Since(ToldOfModel.Nothing, Key, new Versioned<ModelEntry>(shadowed, 4), [Version("2", 1_500), Version("1", 1_000)], Now);
        Assert.Equal(
            [
                ("default/score/1/registered", "grid.model.version-registered", "1", 1_000),
                ("default/score/2/registered", "grid.model.version-registered", "2", 1_500),
                ("default/score/rollout/1", "grid.model.rollout-live", "1", 2_000),
                ("default/score/rollout/2", "grid.model.rollout-shadow", "2", 3_000),
                ("default/score/alias/champion/4", "grid.model.alias-set", "1", 9_000),
                ("default/score/tag//team/4", "grid.model.tag-set", null, 9_000),
            ],
            events.Select(static e => (e.Id, e.Type, e.Version, e.AtMs)));
        Assert.Equal(0, missed);
        Assert.False(ModelChanges.Any(told, shadowed, [Version("1", 1_000), Version("2", 1_500)]));
        Assert.Empty(ModelChanges.Since(told, Key, new Versioned<ModelEntry>(shadowed, 4), [Version("1", 1_000), Version("2", 1_500)], Now).Events);

        // What is taken away is told too, and what comes back is another event.
        var promoted = RolloutChanges.Live(shadowed, "2", RolloutAction.Promote, Note(5_000)) with { Aliases = null, VersionTags = new() { ["1"] = new() { ["kept"] = "no" } } };
        Assert.True(ModelChanges.Any(told, promoted, [Version("1", 1_000), Version("2", 1_500)]));
        (told, events, _) = ModelChanges.Since(told, Key, new Versioned<ModelEntry>(promoted, 7), [Version("1", 1_000, VersionState.Retired), Version("2", 1_500)], Now);
        Assert.Equal(
            [
                ("default/score/rollout/3", "grid.model.rollout-promote", "2"),
                ("default/score/alias/champion/7", "grid.model.alias-removed", "1"),
                ("default/score/tag/1/kept/7", "grid.model.tag-set", "1"),
                ("default/score/1/retired", "grid.model.version-retired", "1"),
            ],
            events.Select(static e => (e.Id, e.Type, e.Version)));
        Assert.Equal("default/score/1", events[^1].Subject);
        Assert.False(ModelChanges.Any(told, promoted, [Version("1", 1_000, VersionState.Retired), Version("2", 1_500)]));
    }

    [Fact]
    public void AVersionWithoutAModel_IsTold()
    {
        Assert.True(ModelChanges.Any(ToldOfModel.Nothing, null, [Version("1", 1_000)]));
        var (told, events, _) = ModelChanges.Since(ToldOfModel.Nothing, Key, null, [Version("1", 1_000)], Now);
        Assert.Equal("grid.model.version-registered", Assert.Single(events).Type);
        Assert.False(ModelChanges.Any(told, new ModelEntry(null), [Version("1", 1_000)]));
    }

    [Fact]
    public void StepsThatTheTrailNoLongerHolds_AreCounted()
    {
        var entry = RolloutChanges.Live(new ModelEntry(null), "1", RolloutAction.Live, Note(0));
        for (var i = 1; i < RolloutChanges.MaxTrail + 10; i++)
        {
            entry = RolloutChanges.Live(entry, i % 2 == 0 ? "1" : "2", RolloutAction.Promote, Note(i));
        }

        var (told, events, missed) = ModelChanges.Since(ToldOfModel.Nothing with { Number = 3 }, Key, new Versioned<ModelEntry>(entry, 80), [], Now);
        Assert.Equal((RolloutChanges.MaxTrail, 7L, RolloutChanges.MaxTrail + 10L), (events.Count, missed, told.Number));
    }

    private static RolloutNote Note(long atMs) => new(atMs, IsAutomatic: false, "because", []);

    private static KeyValuePair<VersionKey, Versioned<VersionEntry>> Version(string name, long registeredMs, VersionState state = VersionState.Staged) =>
        new(new VersionKey("default", "score", name), new Versioned<VersionEntry>(new VersionEntry("sha256:" + new string('0', 64), state, [], [], [], null, registeredMs), 1));
}
