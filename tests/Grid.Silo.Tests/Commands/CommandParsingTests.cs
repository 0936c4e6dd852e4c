using Grid.Silo.Commands;

namespace Grid.Silo.Tests.Commands;

/// <summary>What the command understands, and how it says that it does not.</summary>
public sealed class CommandParsingTests
{
    [Fact]
    public async Task Serve_WithoutOptions_LeavesThemToTheEnvironmentAndTheDefaults()
    {
        var run = await CommandRun.OfAsync("serve");
        Assert.Equal(0, run.Code);
        Assert.Equivalent(new ServeArguments(), run.Served, strict: true);
    }

    [Fact]
    public async Task Serve_WithEveryOption_PassesThemOn()
    {
        var run = await CommandRun.OfAsync(
            "serve", "--state", "/s", "--address", "http://0.0.0.0:9", "--models", "/m", "--views", "a.yaml", "--views", "b", "--auto-create-tenants", "false", "--silo-port", "1", "--gateway-port", "2");
        Assert.Equivalent(
            new ServeArguments { State = "/s", HttpAddress = "http://0.0.0.0:9", Models = "/m", Views = ["a.yaml", "b"], AutoCreateTenants = false, SiloPort = 1, GatewayPort = 2 },
            run.Served,
            strict: true);
    }

    [Fact]
    public async Task Demo_PassesItsOptionsOn_AndItsExitCodeBack()
    {
        var run = await CommandRun.OfAsync("demo", "--serve", "--reset", "--state", "/s", "--address", "http://127.0.0.1:9");
        Assert.Equal(7, run.Code);
        Assert.Equal(new DemoArguments { Serve = true, Reset = true, State = "/s", Address = "http://127.0.0.1:9" }, run.Demoed);
    }

    [Theory]
    [InlineData("frobnicate")]
    [InlineData("serve --silo-port 70000")]
    [InlineData("serve --silo-port many")]
    [InlineData("serve --address nowhere")]
    [InlineData("serve --speed 5")]
    [InlineData("demo --address nowhere")]
    [InlineData("predict")]
    [InlineData("predict m --tenant t")]
    [InlineData("predict m --tenant t --entity e --value x")]
    [InlineData("predict m --tenant t --entity e --value x=NaN")]
    [InlineData("predict m --tenant t --entity e --value x=1 --value x=2")]
    [InlineData("predict m --tenant t --entity e --as-of 2001-01-31T10:00:00")]
    [InlineData("events send --tenant t")]
    [InlineData("events send --tenant t --file f --ack maybe")]
    [InlineData("models push m")]
    [InlineData("models")]
    public async Task WhatIsNotUnderstood_IsAUsageError_OnStderr_AndDoesNothing(string line)
    {
        var run = await CommandRun.OfAsync(line.Split(' '));
        Assert.Equal(ExitCodes.Usage, run.Code);
        Assert.NotEmpty(run.Error);
        Assert.Empty(run.Out);
        Assert.Null(run.Served);
        Assert.Null(run.Demoed);
    }

    [Fact]
    public async Task Help_IsNotAFailure()
    {
        var run = await CommandRun.OfAsync("predict", "--help");
        Assert.Equal(0, run.Code);
        Assert.Contains("--entity", run.Out, StringComparison.Ordinal);
        Assert.Empty(run.Error);
    }

    [Fact]
    public async Task SiloThatIsNotThere_FailsWithItsAddressAndTheFix()
    {
        using var port = new System.Net.Sockets.Socket(System.Net.Sockets.SocketType.Stream, System.Net.Sockets.ProtocolType.Tcp);
        port.Bind(new System.Net.IPEndPoint(System.Net.IPAddress.Loopback, 0));
        var address = $"http://127.0.0.1:{((System.Net.IPEndPoint)port.LocalEndPoint!).Port}";
        var run = await CommandRun.OfAsync("tenants", "list", "--server", address);
        Assert.Equal(ExitCodes.Failed, run.Code);
        Assert.StartsWith($"{address}: cannot be reached", run.Error, StringComparison.Ordinal);
        Assert.Contains("grid serve", run.Error, StringComparison.Ordinal);
        Assert.Empty(run.Out);
    }

    [Theory]
    [InlineData("tenants list --server nowhere", "--server")]
    [InlineData("tenants list --workspace ../x", "workspace")]
    [InlineData("views apply /nowhere/x.yaml", "file '/nowhere/x.yaml'")]
    [InlineData("events send --tenant t --file /nowhere/x.jsonl", "file '/nowhere/x.jsonl'")]
    [InlineData("models push m 1 /nowhere", "folder '/nowhere'")]
    public async Task WrongPlace_IsNamed(string line, string target)
    {
        var run = await CommandRun.OfAsync(line.Split(' '));
        Assert.Equal(ExitCodes.Failed, run.Code);
        Assert.StartsWith(target, run.Error, StringComparison.Ordinal);
    }
}
