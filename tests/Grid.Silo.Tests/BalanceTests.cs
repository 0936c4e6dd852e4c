using System.Net;
using System.Text.Json;
using Grid.Silo.Tests.Support;

namespace Grid.Silo.Tests;

/// <summary>The balancer as operators see it: by HTTP and by the <c>grid</c> command, on a silo that is alone.</summary>
public sealed class BalanceTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private const string Tenant = "balance";

    private readonly HttpClient _http = silo.Http;

    private static CancellationToken Token => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Http_LooksAndExplains()
    {
        await _http.PostJsonAsync($"{Flights.Root}/tenants/{Tenant}/predict/{Flights.Model}", Flights.Predict);

        var look = await _http.PostJsonAsync("/v1/cluster/rebalance?dry_run=true", "");
        Assert.True(look.GetProperty("dry_run").GetBoolean());
        Assert.Equal("on", look.GetProperty("mode").GetString());
        Assert.True(look.GetProperty("silos")[0].GetProperty("used_cores").GetDouble() > 0);
        Assert.Equal(0, look.GetProperty("decisions").GetArrayLength());
        var last = await _http.GetJsonAsync("/v1/cluster/balance");
        Assert.True(last.GetProperty("at_ms").GetInt64() >= look.GetProperty("at_ms").GetInt64());

        var explained = await _http.GetJsonAsync($"/v1/cluster/explain?subject={Tenant}/0");
        Assert.Equal(("shard", $"default/{Tenant}/0"), (explained.GetProperty("kind").GetString(), explained.GetProperty("subject").GetString()));
        Assert.True(explained.GetProperty("places")[0].GetProperty("here").GetBoolean());
        Assert.NotEmpty(explained.GetProperty("summary").GetString()!);
    }

    [Theory]
    [InlineData("/v1/cluster/explain", HttpStatusCode.BadRequest, "subject")]
    [InlineData("/v1/cluster/explain?subject=nobody/0", HttpStatusCode.NotFound, "nobody/0")]
    [InlineData("/v1/cluster/explain?subject=7", HttpStatusCode.NotFound, "decision 7")]
    [InlineData("/v1/cluster/balance?all=true", HttpStatusCode.BadRequest, "all")]
    public async Task Http_WhatIsWrong_IsNamed(string path, HttpStatusCode status, string name)
    {
        using var answer = await _http.GetAsync(new Uri(path, UriKind.Relative), Token);

        Assert.Equal(status, answer.StatusCode);
        Assert.Contains(name, await answer.Content.ReadAsStringAsync(Token), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Command_SaysWhatItWouldDo_AndWhy()
    {
        await _http.PostJsonAsync($"{Flights.Root}/tenants/{Tenant}/predict/{Flights.Model}", Flights.Predict);

        var look = await RunAsync(0, "rebalance", "--dry-run");
        Assert.Contains("mode on", look, StringComparison.Ordinal);
        Assert.Contains("Nothing to do.", look, StringComparison.Ordinal);
        Assert.Contains("imbalance", await RunAsync(0, "explain"), StringComparison.Ordinal);
        Assert.Contains($"shard default/{Tenant}/0: It was placed on", await RunAsync(0, "explain", $"{Tenant}/0"), StringComparison.Ordinal);
        Assert.Contains($"version default/{Flights.Model}/2: It is loaded on", await RunAsync(0, "explain", $"{Flights.Model}/2"), StringComparison.Ordinal);
        Assert.Equal("version", JsonDocument.Parse(await RunAsync(0, "explain", $"{Flights.Model}/2", "--json")).RootElement.GetProperty("kind").GetString());

        var (code, _, error) = await GridCommandLine.RunAsync(silo.Address, "explain", "nobody/0");
        Assert.Equal(1, code);
        Assert.Contains("nobody/0", error, StringComparison.Ordinal);
    }

    private async Task<string> RunAsync(int expected, params string[] arguments)
    {
        var (code, output, error) = await GridCommandLine.RunAsync(silo.Address, arguments);
        Assert.True(code == expected, error);
        return output;
    }
}
