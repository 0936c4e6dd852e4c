using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Options;

namespace Grid.Client.Tests;

public sealed class OptionsTests
{
    [Fact]
    public void Defaults_AreValid() => Assert.True(new GridClientOptionsValidator().Validate(null, new GridClientOptions()).Succeeded);

    [Fact]
    public void EveryMistake_IsReportedAtOnce()
    {
        var options = new GridClientOptions
        {
            Addresses = ["ftp://a", "nonsense", "http://a/?q=1"],
            Workspace = "../x",
            RequestTimeout = TimeSpan.Zero,
            AttemptTimeout = TimeSpan.FromHours(2),
            UploadTimeout = TimeSpan.Zero,
            MaxAttempts = 0,
            RetryBaseDelay = TimeSpan.FromMinutes(1),
            RetryMaxDelay = TimeSpan.Zero,
            OwnerHints = -1,
            AppendChunkEvents = 0,
            AppendChunkBytes = 1,
        };
        var failures = new GridClientOptionsValidator().Validate(null, options).Failures!.ToArray();
        string[] names =
        [
            "Addresses[0]", "Addresses[1]", "Addresses[2]", "Workspace", "RequestTimeout", "AttemptTimeout", "UploadTimeout",
            "RetryMaxDelay", "RetryBaseDelay", "MaxAttempts", "OwnerHints", "AppendChunkEvents", "AppendChunkBytes",
        ];
        Assert.Equal(names, failures.Select(static f => f[..f.IndexOf(':', StringComparison.Ordinal)]));
    }

    [Theory]
    [InlineData(0, false)]
    [InlineData(1, true)]
    [InlineData(20, true)]
    [InlineData(21, false)]
    public void Attempts_AtTheBounds(int attempts, bool valid) =>
        Assert.Equal(valid, new GridClientOptionsValidator().Validate(null, new GridClientOptions { MaxAttempts = attempts }).Succeeded);

    [Fact]
    public void NoAddress_IsRefused() => Assert.True(new GridClientOptionsValidator().Validate(null, new GridClientOptions { Addresses = [] }).Failed);

    [Fact]
    public void AddGridClient_GivesOneClientPerWorkspace()
    {
        using var provider = new ServiceCollection().AddGridClient(static o => o.Workspace = "team").BuildServiceProvider();
        var client = provider.GetRequiredService<IGridClient>();
        var factory = provider.GetRequiredService<IGridClientFactory>();

        Assert.Equal("team", client.Workspace);
        Assert.Same(client, factory.ForWorkspace("team"));
        Assert.Equal("other", factory.ForWorkspace("other").Workspace);
    }

    [Fact]
    public void AddGridClient_WithWrongOptions_FailsWithAllOfThem()
    {
        using var provider = new ServiceCollection().AddGridClient(static o => (o.MaxAttempts, o.OwnerHints) = (0, -1)).BuildServiceProvider();
        Assert.Equal(2, Assert.Throws<OptionsValidationException>(provider.GetRequiredService<IGridClient>).Failures.Count());
    }
}
