using System.Text.Json;
using CsCheck;
using Grid.Client.Wire;

namespace Grid.Client.Tests.Wire;

public sealed class TimeTests
{
    [Fact]
    public void EveryMillisecond_ReadsBack() =>
        Gen.Long[WireTime.MinUnixMs, WireTime.MaxUnixMs].Sample(static ms =>
        {
            Assert.True(WireTime.TryParse(new WireTime(ms).ToString(), out var fromText));
            Assert.Equal(ms, fromText.UnixMs);
            Assert.Equal(ms, JsonSerializer.Deserialize(JsonSerializer.Serialize(new TenantBody { Workspace = "w", Tenant = "t", Created = new WireTime(ms) }, WireContext.Default.TenantBody), WireContext.Default.TenantBody)!.Created.UnixMs);
        });

    [Theory]
    [InlineData("2001-01-31T10:00:00Z", 980_935_200_000)]
    [InlineData("2001-01-31T10:00:00.5+02:00", 980_928_000_500)]
    [InlineData("2001-01-31T05:00:00-05:00", 980_935_200_000)]
    [InlineData("980935200000", 980_935_200_000)]
    [InlineData("-1", -1)]
    public void TimeWithAnOffset_OrUnixMilliseconds_IsTaken(string text, long expected)
    {
        Assert.True(WireTime.TryParse(text, out var time));
        Assert.Equal(expected, time.UnixMs);
    }

    [Theory]
    [InlineData("2001-01-31T10:00:00")]
    [InlineData("2001-01-31")]
    [InlineData("2001-13-31T10:00:00Z")]
    [InlineData("31.01.2001 10:00Z")]
    [InlineData("10:00Z")]
    [InlineData("now")]
    [InlineData("")]
    [InlineData("99999999999999999")]
    [InlineData("1e3")]
    public void AnythingElse_IsRefused(string text) => Assert.False(WireTime.TryParse(text, out _));
}
