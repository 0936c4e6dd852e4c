using System.Text.Json;
using Grid.Abstractions;
using Grid.Client.Wire;

namespace Grid.Client.Tests.Wire;

/// <summary>What actors answer goes through JSON and comes back as it was.</summary>
public sealed class RecordTests
{
    [Fact]
    public void Tenant()
    {
        var info = new TenantInfo("w", "t", 3, 980_935_200_123);
        Assert.Equal(info, WireTenants.FromBody(Through(WireTenants.ToBody(info), WireContext.Default.TenantBody)));
    }

    [Fact]
    public void Shard()
    {
        var status = new ShardStatus("w/t/0", "silo", 1, 2, 3, 4, 5, 6, 7, 8, "gen", "");
        Assert.Equal(status, WireTenants.FromBody(Through(WireTenants.ToBody(status), WireContext.Default.ShardBody)));
        var withDigest = status with { StateDigest = "sha256:1" };
        Assert.Equal(withDigest, WireTenants.FromBody(Through(WireTenants.ToBody(withDigest), WireContext.Default.ShardBody)));
    }

    [Fact]
    public void Views()
    {
        var info = new ViewsInfo("w", "gen", ["a", "b"], "view: a\n", 9, ["+ a"]);
        Assert.Equivalent(info, WireTenants.FromBody(Through(WireTenants.ToBody(info), WireContext.Default.ViewsBody)), strict: true);
    }

    [Fact]
    public void Model()
    {
        var info = new ModelInfo("w", "m", null, ["1", "2"], 4);
        Assert.Equivalent(info, WireModels.FromBody(Through(WireModels.ToBody(info), WireContext.Default.ModelBody)), strict: true);
    }

    [Fact]
    public void Version()
    {
        foreach (var state in Enum.GetValues<VersionState>())
        {
            var info = new VersionInfo(
                "w", "m", "1", "sha256:1", state,
                [new ArtifactFile("model.onnx", "sha256:2", 1L << 40)],
                [new TensorSpec("x", "FP32", [-1, 24])],
                [new TensorSpec("y", "FP32", [-1])],
                "outputs: {}",
                980_935_200_123,
                [new ReplicaReport("silo", "Failed", "no memory", 3)]);
            Assert.Equivalent(info, WireModels.FromBody(Through(WireModels.ToBody(info), WireContext.Default.VersionBody)), strict: true);
        }
    }

    [Fact]
    public void Signal()
    {
        var signal = new SignalInfo
        {
            Id = "x@1", Type = "feature-drift", Severity = "warning", Status = "open", Workspace = "w", Model = "m", Version = "1", Digest = "sha256:1", Column = "c", Statistic = "psi", Value = 0.4,
            Threshold = 0.2, P = 1e-9, Samples = 900, EffectiveSamples = 800, FromMs = 1, ToMs = 2, OpenedMs = 3, UpdatedMs = 4,
        };
        foreach (var info in (SignalInfo[])[signal, signal with { Tenants = [] }, signal with { Tenants = [new SignalTenantInfo("t", "psi", 1.5, 1e-12, 300, 280, 0.25, 0.01)] }])
        {
            Assert.Equivalent(info, WireSignals.FromBody(Through(WireSignals.ToBody(info), WireContext.Default.SignalBody), "w"), strict: true);
        }
    }

    [Fact]
    public void FeatureReading()
    {
        var reading = new FeatureReading("v", "e", 980_935_200_123, ["a", "b", "c"], [1.5f, float.NaN, float.NegativeInfinity], [FeatureState.Fresh, FeatureState.Missing, FeatureState.Degraded], 5, 7);
        var back = WireFeatures.FromBody(Through(WireFeatures.ToBody(reading), WireContext.Default.FeatureReadingBody));
        Assert.Equal(reading.Names, back.Names);
        Assert.Equal(reading.Values, back.Values);
        Assert.Equal(reading.States, back.States);
        Assert.Equal((reading.View, reading.Entity, reading.AsOfMs, reading.NewestEventMs, reading.OwnershipAgeMs), (back.View, back.Entity, back.AsOfMs, back.NewestEventMs, back.OwnershipAgeMs));
    }

    private static T Through<T>(T body, System.Text.Json.Serialization.Metadata.JsonTypeInfo<T> type) =>
        JsonSerializer.Deserialize(JsonSerializer.Serialize(body, type), type)!;
}
