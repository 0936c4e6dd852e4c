using Grid.Abstractions;
using Grid.Client;
using Grid.Grains.Predictions;
using Grid.Grains.Tests.Support;
using Grid.Silo.Hosting;
using Grid.Storage.Predictions;
using Grid.TestKit;

namespace Grid.Grains.Tests.Predictions;

/// <summary>A silo with the flights models that logs its predictions.</summary>
internal static class LoggedFlights
{
    public const string Model = "flights-late";
    public const string Tenant = "log";

    public static readonly DateTimeOffset AsOf = new(2001, 1, 10, 12, 0, 0, TimeSpan.Zero);

    public static Task<TestGrid> StartAsync(Action<GridSiloOptions>? configure = null) =>
        TestGrid.StartAsync(
            options =>
            {
                options.CreateTenantsOnFirstUse = true;
                options.Models = Path.Combine(Repository.Flights, "models");
                options.Views = [Path.Combine(Repository.Flights, "views")];
                options.PredictionLog.Share = 1;
                configure?.Invoke(options);
            },
            views: null);

    public static RequestValues Values(int i) => new(["local_hour", "dow", "distance", "block_min"], [i % 24, i % 7, 100 + i, 60 + (i / 2)]);

    public static async Task<Prediction> PredictAsync(this TestGrid grid, string entity = "BOS", int i = 12, string tenant = Tenant, string? version = null, bool withFeatures = true) =>
        await grid.Client.PredictAsync(Model, tenant, entity, Values(i), AsOf.AddMinutes(i), new PredictOptions { Version = version, WithFeatures = withFeatures }, TestContext.Current.CancellationToken);

    public static PredictionLog Log(this TestGrid grid) => grid.Service<PredictionRecorder>().Log ?? throw new InvalidOperationException("This silo keeps no log.");
}
