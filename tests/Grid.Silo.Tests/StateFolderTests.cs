using Grid.Primitives;
using Grid.Silo.Hosting;
using Grid.Silo.Tests.Support;
using Grid.TestKit;

namespace Grid.Silo.Tests;

/// <summary>A silo whose state folder cannot be its own does not start, and says why.</summary>
public sealed class StateFolderTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    [Fact]
    public async Task Folder_OfARunningSilo_IsRefusedAndTheFirstServesOn()
    {
        var failure = await Assert.ThrowsAsync<GridException>(() => StartAsync(silo.StateFolder));

        Assert.Equal(GridErrorCode.FailedPrecondition, failure.Code);
        Assert.Contains(silo.StateFolder, failure.Error.Target, StringComparison.Ordinal);
        Assert.Contains($"process {Environment.ProcessId}", failure.Error.Message, StringComparison.Ordinal);
        Assert.Contains("Stop that process", failure.Error.Fix, StringComparison.Ordinal);
        await silo.Http.PostJsonAsync($"{Flights.Root}/tenants/t/predict/{Flights.Model}", Flights.Predict);
    }

    [Fact]
    public async Task Folder_ThatIsAFile_IsRefused()
    {
        using var folder = new TempFolder();
        await File.WriteAllTextAsync(folder.Sub("state"), "", TestContext.Current.CancellationToken);
        var failure = await Assert.ThrowsAsync<GridException>(() => StartAsync(folder.Sub("state")));
        Assert.Contains("is a file", failure.Error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Folder_ThatNobodyMayWrite_IsRefused()
    {
        // Where not even root may write, so that the test means the same for every user.
        Assert.SkipUnless(OperatingSystem.IsLinux(), "Needs /proc.");
        var failure = await Assert.ThrowsAsync<GridException>(() => StartAsync("/proc/grid-state"));
        Assert.Contains("/proc/grid-state", failure.Error.Target, StringComparison.Ordinal);
        Assert.False(string.IsNullOrWhiteSpace(failure.Error.Fix));
    }

    private static async Task StartAsync(string folder)
    {
        await using var second = await GridSilo.StartAsync(new GridSiloOptions { StateFolder = folder, HttpAddress = "http://127.0.0.1:0" });
    }
}
