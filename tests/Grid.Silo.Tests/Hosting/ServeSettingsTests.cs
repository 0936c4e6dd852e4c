using Grid.Silo.Commands;
using Grid.Silo.Hosting;
using Microsoft.Extensions.Configuration;

namespace Grid.Silo.Tests.Hosting;

public sealed class ServeSettingsTests
{
    [Fact]
    public void NothingSaid_GivesTheDefaults()
    {
        var options = ServeCommand.OptionsOf(new ServeArguments(), new ConfigurationBuilder().Build());

        Assert.Equal((".grid", "http://127.0.0.1:8000", true, 0), (options.StateFolder, options.HttpAddress, options.CreateTenantsOnFirstUse, options.SiloPort));
        Assert.True(new GridSiloOptionsValidator().Validate(null, options).Succeeded);
    }

    [Fact]
    public void TheCommandLine_WinsOverTheEnvironment_WhichWinsOverTheDefaults()
    {
        var environment = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["STATEFOLDER"] = "/from/environment",
            ["SILOPORT"] = "7",
            ["CREATETENANTSONFIRSTUSE"] = "false",
        }).Build();
        var options = ServeCommand.OptionsOf(new ServeArguments { SiloPort = 9 }, environment);

        Assert.Equal(("/from/environment", 9, false), (options.StateFolder, options.SiloPort, options.CreateTenantsOnFirstUse));
    }

    [Fact]
    public void TheLogOfPredictions_IsSetByTheEnvironment()
    {
        var environment = new ConfigurationBuilder().AddInMemoryCollection(new Dictionary<string, string?>
        {
            ["PREDICTIONLOG:SHARE"] = "0.25",
            ["PREDICTIONLOG:FOLDER"] = "/shared/log",
            ["PREDICTIONLOG:MAXAGE"] = "00:00:10",
            ["PREDICTIONLOG:SHARES:default/m"] = "1",
        }).Build();
        var log = ServeCommand.OptionsOf(new ServeArguments(), environment).PredictionLog.In(".grid")!;

        Assert.Equal((0.25, "/shared/log", TimeSpan.FromSeconds(10), 1.0), (log.Share, log.Folder, log.MaxAge, log.Shares["default/m"]));
        var defaults = new GridSiloOptions().PredictionLog.In(".grid")!;
        Assert.Equal((0.0, Path.Combine(".grid", "predictions"), 90), (defaults.Share, defaults.Folder, defaults.RetentionDays));
    }

    [Fact]
    public void EveryMistake_IsReportedAtOnce_WithItsName()
    {
        var result = new GridSiloOptionsValidator().Validate(null, new GridSiloOptions
        {
            StateFolder = " ",
            HttpAddress = "nowhere",
            SiloPort = 70_000,
            GatewayPort = -1,
            Models = "/no/such/folder",
            Views = ["/no/such/view.yaml"],
            MaxBodyBytes = 1,
            PredictionLog = { Share = 1.5, RetentionDays = -1, Shares = { ["default/m"] = double.NaN } },
        });

        Assert.Equal(
            ["Grid:StateFolder", "Grid:HttpAddress", "Grid:SiloPort", "Grid:GatewayPort", "Grid:Models", "Grid:Views", "Grid:MaxBodyBytes", "Grid:PredictionLog:Share", "Grid:PredictionLog:Shares['default/m']", "Grid:PredictionLog:RetentionDays"],
            [.. result.Failures!.Select(static failure => failure.Split(' ')[0])]);
    }
}
