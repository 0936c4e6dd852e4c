using Grid.Grains.Predictions;
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
            ["PREDICTIONLOG:TOPIC:NAME"] = "predictions",
            ["PREDICTIONLOG:TOPIC:TIMEOUT"] = "00:00:20",
            ["PREDICTIONLOG:TOPIC:CONNECTION:BOOTSTRAPSERVERS"] = "a:9092,b:9092",
            ["PREDICTIONLOG:TOPIC:CONNECTION:PROPERTIES:compression.type"] = "zstd",
        }).Build();
        var options = ServeCommand.OptionsOf(new ServeArguments(), environment).PredictionLog;
        var (log, shares, topic) = (options.In(".grid")!, options.Shared(), options.Topic!);

        Assert.Equal((0.25, "/shared/log", TimeSpan.FromSeconds(10), 1.0), (shares.Default, log.Folder, log.MaxAge, shares.Models["default/m"]));
        Assert.Equal(("predictions", TimeSpan.FromSeconds(20), 64L << 20), (topic.Name, topic.Timeout, topic.BufferBytes));
        Assert.Equal(("a:9092,b:9092", "zstd"), (topic.Connection.BootstrapServers, topic.Connection.Properties["compression.type"]));
        Assert.Empty(options.Check(".grid"));
        var defaults = new GridSiloOptions().PredictionLog;
        Assert.Equal((0.0, Path.Combine(".grid", "predictions"), 90), (defaults.Shared().Default, defaults.In(".grid")!.Folder, defaults.In(".grid")!.RetentionDays));
        Assert.Null(defaults.Topic);
    }

    [Fact]
    public void TheTopicOfPredictions_HasAllItsMistakesNamed_WhetherOrNotFilesAreKept()
    {
        var log = new SiloPredictionLogOptions
        {
            Enabled = false,
            Share = 2,
            Topic = new PredictionTopicOptions
            {
                Name = "no topic",
                BufferBytes = 1,
                Timeout = TimeSpan.Zero,
                FlushTimeout = TimeSpan.FromHours(1),
                Connection = { BootstrapServers = "a b", Properties = { ["enable.idempotence"] = "false" } },
            },
        };

        Assert.Equal(
            [
                "Grid:PredictionLog:Share", "Grid:PredictionLog:Topic:Name", "Grid:PredictionLog:Topic:Connection:BootstrapServers[0]", "Grid:PredictionLog:Topic:Connection:Properties['enable.idempotence']",
                "Grid:PredictionLog:Topic:BufferBytes", "Grid:PredictionLog:Topic:Timeout", "Grid:PredictionLog:Topic:FlushTimeout",
            ],
            log.Check(".grid").Select(static error => error.Split(' ')[0]));
        Assert.Equal(["Grid:PredictionLog:Topic:Name", "Grid:PredictionLog:Topic:Connection:BootstrapServers"], new SiloPredictionLogOptions { Topic = new() }.Check(".grid").Select(static error => error.Split(' ')[0]));
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
