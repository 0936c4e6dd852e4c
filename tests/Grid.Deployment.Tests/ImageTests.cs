using Grid.Deployment.Tests.Support;
using Grid.TestKit;

namespace Grid.Deployment.Tests;

/// <summary>The Dockerfile's build stage, done without Docker, and the silo that it makes.</summary>
public sealed class ImageTests
{
    private const int MaxMegabytes = 150;

    [Fact]
    public async Task StepsOfTheDockerfile_MakeASiloThatServes_WithTheThreadsOfItsRequest_AndStopsWhenAsked()
    {
        var cancellation = TestContext.Current.CancellationToken;
        Tool.Require("bash", "the steps are a script");
        using var folder = new TempFolder();
        var image = folder.Sub("image");
        var steps = await Tool.RunAsync("bash", [Tool.At("eng", "dockerfile-steps.sh"), image]);
        Assert.True(steps.ExitCode == 0, steps.Output + steps.Errors);
        var bytes = Directory.EnumerateFiles(Path.Combine(image, "app"), "*", SearchOption.AllDirectories).Sum(static f => new FileInfo(f).Length);
        Assert.True(bytes <= MaxMegabytes << 20, $"/app has {bytes >> 20} MB; at most {MaxMegabytes}.");

        await using var silo = await SiloProcess.StartAsync(
            Path.Combine(image, "app", "grid.dll"),
            folder.Sub("state"),
            environment: new Dictionary<string, string> { ["DOTNET_PROCESSOR_COUNT"] = "3", ["DOTNET_GCHeapHardLimitPercent"] = "0x3C" });
        using var http = new HttpClient { BaseAddress = new Uri(silo.Address) };
        Assert.Contains("\"ready\":true", await http.GetStringAsync(new Uri("/healthz/ready", UriKind.Relative), cancellation), StringComparison.Ordinal);
        Assert.Contains("grid_inference_workers 3\n", await http.GetStringAsync(new Uri("/metrics", UriKind.Relative), cancellation), StringComparison.Ordinal);
        Assert.Equal(0, await silo.TerminateAsync(cancellation));
    }
}
