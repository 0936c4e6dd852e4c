using Grid.Silo.Hosting;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;

namespace Grid.Silo.Tests.Hosting;

public sealed class LogFilterTests
{
    [Theory]
    [InlineData("Orleans.Messaging", LogLevel.Information, false)]
    [InlineData("Orleans.Messaging", LogLevel.Warning, true)]
    [InlineData("Orleans.Runtime.Watchdog", LogLevel.Warning, false)]
    [InlineData("Polly", LogLevel.Error, false)]
    [InlineData("Grid.Silo", LogLevel.Information, true)]
    public void OfTheRuntime_OnlyWhatAnOperatorActsOnIsLogged(string category, LogLevel level, bool isLogged)
    {
        using var services = new ServiceCollection().AddLogging(static logging => logging.AddOrleansFilters().AddSimpleConsole()).BuildServiceProvider();

        Assert.Equal(isLogged, services.GetRequiredService<ILoggerFactory>().CreateLogger(category).IsEnabled(level));
    }
}
