using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Http;
using Grid.Primitives;
using Grid.Silo.Tests.Support;

namespace Grid.Silo.Tests;

/// <summary>The same through the SDK over HTTP.</summary>
public sealed class SdkTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private readonly HttpGridClient _sdk = silo.Sdk;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Predict_OverHttp_IsTheAnswerInProcess()
    {
        var options = new PredictOptions { WithFeatures = true, Version = "1" };
        var far = await _sdk.PredictAsync(Flights.Model, "sdk", "BOS", Flights.Values, Flights.AsOf, options, Cancel);
        var near = await silo.Silo.Client().PredictAsync(Flights.Model, "sdk", "BOS", Flights.Values, Flights.AsOf, options, Cancel);

        Assert.Equal(near.Features, far.Features);
        Assert.Equal(near["p_late"], far["p_late"]);
        Assert.Equal((near.Model, near.Version, near.Digest, near.AsOfMs), (far.Model, far.Version, far.Digest, far.AsOfMs));
    }

    [Fact]
    public async Task PredictMany_AnswersInOrderWithErrorsOfTheirOwn()
    {
        var answers = await _sdk.PredictManyAsync(Flights.Model, "sdk", [new("BOS", Flights.Values), new("LAX"), new("SFO", Flights.Values)], Flights.AsOf, cancellationToken: Cancel);

        Assert.Equal(["BOS", "LAX", "SFO"], answers.Select(static a => a.Entity));
        Assert.Equal([false, true, false], answers.Select(static a => a.Error is not null));
        Assert.Contains("local_hour", answers[1].Error!.ToString(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Append_DuplicateKey_IsAnsweredAndCountsOnce()
    {
        GridEvent[] events = [Arrival("a"), Arrival("a"), Arrival("b")];
        var answers = await _sdk.AppendAsync("sdk-append", events, cancellationToken: Cancel);
        var reading = await _sdk.ReadFeaturesAsync("sdk-append", "route", "BOS", ["n_24h", "late_24h"], Flights.AsOf, Cancel);

        Assert.Equal([EventVerdict.Accepted, EventVerdict.Duplicate, EventVerdict.Accepted], answers.Select(static a => a.Verdict));
        Assert.Equal(["n_24h", "late_24h"], reading.Names);
        Assert.Equal([2f, 1f], reading.Values);
        Assert.Equal([FeatureState.Fresh, FeatureState.Fresh], reading.States);
    }

    [Fact]
    public async Task Sources_DeliverFlushMarks()
    {
        var batch = new EventBatchBuilder().Begin("departure").Position(3).Time(Flights.AsOf.ToUnixTimeMilliseconds()).Arrival(Flights.AsOf.ToUnixTimeMilliseconds()).Field("dest", "BOS").End().Build();
        var answer = await _sdk.Sources.DeliverAsync("sdk-source", 0, new SourceDelivery("f", "p", 1, -1, false, batch), Cancel);
        await _sdk.Sources.FlushAsync("sdk-source", 0, Cancel);

        Assert.Equal(DeliveryStatus.Applied, answer.Status);
        Assert.Equal(new SourceMarks(3, 3), await _sdk.Sources.GetMarksAsync("sdk-source", 0, "f", "p", Cancel));
    }

    [Fact]
    public async Task Outcomes_RecordedDuplicateCorrected()
    {
        var outcome = new Outcome(null, Flights.Model, "BOS", Flights.AsOf.ToUnixTimeMilliseconds(), 1);
        Assert.Equal([new OutcomeAnswer(OutcomeVerdict.Recorded)], await _sdk.ReportOutcomeAsync("sdk-outcomes", [outcome], Cancel));
        Assert.Equal([new OutcomeAnswer(OutcomeVerdict.Duplicate)], await _sdk.ReportOutcomeAsync("sdk-outcomes", [outcome], Cancel));
        Assert.Equal([new OutcomeAnswer(OutcomeVerdict.Corrected)], await _sdk.ReportOutcomeAsync("sdk-outcomes", [outcome with { Value = 0 }], Cancel));
    }

    [Fact]
    public async Task Models_PushLiveGetListRetire()
    {
        var pushed = await _sdk.Models.PushAsync("sdk-model", "1", Flights.ModelFolder("1"), makeLive: true, Cancel);
        await _sdk.Models.PushAsync("sdk-model", "2", Flights.ModelFolder("2"), cancellationToken: Cancel);
        Assert.Equal("1", (await _sdk.Models.GetAsync("sdk-model", Cancel)).Live);
        Assert.Equal("2", (await _sdk.Models.SetLiveAsync("sdk-model", "2", Cancel)).Live);
        Assert.Equal(VersionState.Retired, (await _sdk.Models.RetireAsync("sdk-model", "1", Cancel)).State);

        var version = await _sdk.Models.GetVersionAsync("sdk-model", "2", Cancel);
        Assert.Equal(VersionState.Live, version.State);
        Assert.NotEqual(pushed.Digest, version.Digest);
        Assert.Contains(version.Files, static f => f.Name == "model.onnx");
        Assert.Contains(await _sdk.Models.ListAsync(Cancel), static m => m.Model == "sdk-model");
        var answer = await _sdk.PredictAsync("sdk-model", "sdk", "BOS", Flights.Values, Flights.AsOf, cancellationToken: Cancel);
        Assert.Equal("2", answer.Version);
    }

    [Fact]
    public async Task Views_DryRunThenShow_ChangeNothing()
    {
        var before = await _sdk.Views.GetAsync(Cancel);
        var dry = await _sdk.Views.ApplyAsync("view: sdk_view\nentity: card\nevents:\n  tap: { card: text }\nfeatures:\n  - { name: n, event: tap, aggregate: count, window: 1h }\n", "sdk.yaml", dryRun: true, cancellationToken: Cancel);
        var after = await _sdk.Views.GetAsync(Cancel);

        Assert.Single(dry.Changed);
        Assert.Equal(["origin", "route"], after.Views.Order(StringComparer.Ordinal));
        Assert.Equal((before.Revision, before.Generation), (after.Revision, after.Generation));
    }

    [Fact]
    public async Task Tenants_CreateGetListShard()
    {
        var created = await _sdk.Tenants.CreateAsync("sdk-tenant", 2, Cancel);
        Assert.Equal(created, await _sdk.Tenants.GetAsync("sdk-tenant", Cancel));
        Assert.Contains(created, await _sdk.Tenants.ListAsync(Cancel));
        Assert.Equal("default/sdk-tenant/1", (await _sdk.Tenants.GetShardAsync("sdk-tenant", 1, withDigest: true, Cancel)).Shard);
    }

    [Fact]
    public async Task Infer_OnTensors_IsTheAnswerOfTheEntityPath()
    {
        var row = await _sdk.PredictAsync(Flights.Model, "sdk-infer", "BOS", Flights.Values, Flights.AsOf, new PredictOptions { WithFeatures = true }, Cancel);
        var answer = await _sdk.InferAsync(Flights.Model, [Tensor.Create<float>("features", TensorElementType.FP32, [1, 24], row.Features!)], outputs: ["probabilities"], cancellationToken: Cancel);

        Assert.Equal(row.Digest, answer.Digest);
        Assert.Equal(row["p_late"], Assert.Single(answer.Outputs).AsSpan<float>()[1], 6);
    }

    [Fact]
    public async Task UnknownModel_OverHttp_IsTheErrorInProcess()
    {
        var far = await Assert.ThrowsAsync<GridException>(async () => await _sdk.Models.GetAsync("nothing", Cancel));
        var near = await Assert.ThrowsAsync<GridException>(async () => await silo.Silo.Client().Models.GetAsync("nothing", Cancel));
        Assert.Equal(near.Error, far.Error);
    }

    private static GridEvent Arrival(string key) =>
        new("arrival", Flights.AsOf.AddMinutes(-30), key, new Dictionary<string, object?> { ["dest"] = "BOS", ["delay_min"] = 20 });
}
