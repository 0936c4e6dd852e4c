using System.Text.Json;
using CloudNative.CloudEvents.SystemTextJson;
using Grid.Monitoring.Signals;
using Grid.Primitives;

namespace Grid.Monitoring.Tests.Signals;

public sealed class SignalEventTests
{
    private static readonly DateTimeOffset Now = new(2026, 3, 1, 0, 0, 0, TimeSpan.Zero);

    private static readonly Signal Signal = new()
    {
        Type = SignalType.PredictionDrift, Severity = SignalSeverity.Critical, Status = SignalStatus.Open, Version = new VersionKey("default", "m", "1"), Digest = Digest.Of("x"u8), OpenedAt = Now, UpdatedAt = Now,
        Evidence = new SignalEvidence("p", "psi", 0.3, null, 0.1, 1e-9, 5000, 4000, Now.AddHours(-1), Now),
    };

    [Fact]
    public void Signal_IsAValidCloudEvent_ThatCarriesItsEvidence()
    {
        var read = new JsonEventFormatter().DecodeStructuredModeMessage(Signal.ToJson(new Uri("/grid/test", UriKind.Relative)), null, [SignalEvents.DedupeKey, SignalEvents.Severity]);
        Assert.True(read.IsValid);
        Assert.Equal("grid.signal.prediction-drift.open", read.Type);
        Assert.Equal("default/m/1/p", read.Subject);
        Assert.Equal(Signal.DedupeKey, read[SignalEvents.DedupeKey]);
        Assert.Equal("critical", read[SignalEvents.Severity]);
        var evidence = Assert.IsType<JsonElement>(read.Data).GetProperty("evidence");
        Assert.Equal(0.3, evidence.GetProperty("value").GetDouble());
        Assert.Equal(4000, evidence.GetProperty("effectiveSamples").GetDouble());
    }

    [Fact]
    public void TheSameState_HasTheSameEventId_AndAnotherStateAnother()
    {
        var source = new Uri("/grid/test", UriKind.Relative);
        Assert.Equal(Signal.ToCloudEvent(source).Id, Signal.ToCloudEvent(source).Id);
        Assert.NotEqual(Signal.ToCloudEvent(source).Id, (Signal with { Status = SignalStatus.Cleared }).ToCloudEvent(source).Id);
    }

    [Fact]
    public void Tenants_AreInTheEvidence_AndASignalStoredWithoutThemIsRead()
    {
        var named = Signal with { Evidence = Signal.Evidence with { Tenants = [new SignalTenant("acme", "psi", 0.9, 1e-12, 700, 650, 0.2, 0.01)] } };
        var tenant = Assert.IsType<JsonElement>(named.ToCloudEvent(new Uri("/grid/test", UriKind.Relative)).Data).GetProperty("evidence").GetProperty("tenants")[0];
        Assert.Equal(("acme", 0.2, 0.01), (tenant.GetProperty("tenant").GetString(), tenant.GetProperty("share").GetDouble(), tenant.GetProperty("without").GetDouble()));
        Assert.Equal(named.Evidence.Tenants, SignalEvents.Restore(SignalEvents.Store(named)).Evidence.Tenants);
        Assert.DoesNotContain("tenants", System.Text.Encoding.UTF8.GetString(SignalEvents.Store(Signal)), StringComparison.Ordinal);
        Assert.Null(SignalEvents.Restore(SignalEvents.Store(Signal)).Evidence.Tenants);
    }

    [Fact]
    public void StoredSignal_ComesBack() => Assert.Equal(Signal, SignalEvents.Restore(SignalEvents.Store(Signal)));
}
