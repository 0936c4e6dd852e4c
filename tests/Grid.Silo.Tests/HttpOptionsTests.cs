using Grid.Silo.Http;

namespace Grid.Silo.Tests;

public sealed class HttpOptionsTests
{
    [Fact]
    public void Defaults_AreValid() => Assert.True(new GridHttpOptionsValidator().Validate(null, new GridHttpOptions()).Succeeded);

    [Fact]
    public void EveryMistake_IsReportedAtOnce()
    {
        var options = new GridHttpOptions { MaxBodyBytes = 0, MaxModelBytes = 0, MaxModelFiles = 0, MaxEvents = 0, MaxPredictItems = 0, UploadFolder = " " };
        Assert.Equal(6, new GridHttpOptionsValidator().Validate(null, options).Failures!.Count());
    }
}
