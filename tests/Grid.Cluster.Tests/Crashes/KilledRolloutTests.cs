using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Http;
using Grid.Primitives;
using Grid.TestKit;

namespace Grid.Cluster.Tests.Crashes;

/// <summary>SIGKILL while rollouts change: after each start the rollout is whole, as it was before a step or after it, and goes on from there.</summary>
public sealed class KilledRolloutTests
{
    private const string Model = "flights-late";
    private const int Kills = 4;

    /// <summary>What a loaded machine may take for what takes seconds.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    private static readonly RequestValues s_values = new(["local_hour", "dow", "distance", "block_min"], [12, 3, 500, 90]);

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    public async Task ARolloutInTheMiddleOfItsSteps_IsWholeAfterEachKill_AndEnds(int seed)
    {
        using var folder = new TempFolder();
        var random = new Random(seed);
        var state = folder.Sub("state");
        var silo = await StartAsync(state);
        try
        {
            await PrepareAsync(silo, folder);
            for (var kill = 0; kill < Kills; kill++)
            {
                await ChangeUntilKilledAsync(silo, random.Next(4, 60));
                await silo.DisposeAsync();
                silo = await StartAsync(state);
                await CheckAsync(silo, $"seed {seed}, kill {kill}");
            }

            await EndAsync(silo);
        }
        finally
        {
            await silo.DisposeAsync();
        }
    }

    private static Task<SiloProcess> StartAsync(string state) => SiloProcess.StartAsync(typeof(Grid.Silo.Hosting.GridSilo).Assembly.Location, state);

    /// <summary>Version 2 of the sample is live; version 3 is the same model with guards that let it through quickly.</summary>
    private static async Task PrepareAsync(SiloProcess silo, TempFolder folder)
    {
        var guarded = folder.Sub("guarded");
        Directory.CreateDirectory(guarded);
        foreach (var file in Directory.GetFiles(Path.Combine(Repository.Flights, "models", Model, "2")))
        {
            File.Copy(file, Path.Combine(guarded, Path.GetFileName(file)));
        }

        await File.AppendAllTextAsync(Path.Combine(guarded, "model.yaml"), "\nguards: { min_requests: 40, disagreement: { rate: 0.01 }, steps: [20, 50, 80] }\n");
        using var client = new HttpGridClient(silo.Address);
        await client.Models.PushAsync(Model, "3", guarded);
    }

    /// <summary>Changes traffic back and forth as fast as it goes, and kills after so many changes were acknowledged, while the next is under way.</summary>
    private static async Task ChangeUntilKilledAsync(SiloProcess silo, int changes)
    {
        using var client = new HttpGridClient(silo.Address);
        var acknowledged = 0;
        var killed = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        var changing = Task.Run(async () =>
        {
            try
            {
                for (var i = 0; ; i++)
                {
                    await (i % 4 == 3
                        ? client.Models.RollbackAsync(Model)
                        : client.Models.SetCanaryAsync(Model, new Canary("3", 10 + (20 * (i % 4)), StickyBy.Entity, IsAutomatic: false)));
                    if (++acknowledged == changes)
                    {
                        killed.SetResult();
                    }
                }
            }
            catch (GridException) when (acknowledged >= changes)
            {
                // It was killed under the call.
            }
        });
        await Task.WhenAny(killed.Task, changing).WaitAsync(Patience);
        if (changing.IsFaulted)
        {
            await changing;
        }

        await silo.KillAsync();
        await changing.WaitAsync(Patience);
    }

    /// <summary>The last step of the trail is the rollout in force: both were one compare-and-swap. And it serves.</summary>
    private static async Task CheckAsync(SiloProcess silo, string moment)
    {
        using var client = new HttpGridClient(silo.Address);
        var info = await client.Models.GetAsync(Model);
        var last = (await client.Models.GetHistoryAsync(Model)).Steps[^1];
        Assert.True(last.After.Number == info.Rollout!.Number, $"{moment}: the trail ends at {last.After.Number}, the rollout is {info.Rollout.Number}");
        Assert.True(Equals(last.After.Canary, info.Rollout.Canary) && last.After.Live == info.Live, $"{moment}: the trail ends at {last}, the rollout is {info.Rollout}");
        var arms = new HashSet<string>();
        for (var i = 0; i < 60; i++)
        {
            arms.Add((await PredictAsync(client, i)).Arm);
        }

        Assert.True(arms.Contains("canary") == info.Rollout.Canary is not null, $"{moment}: {string.Join(", ", arms)} answered under {info.Rollout}");
    }

    /// <summary>Left to its guards, the rollout goes through its steps to the end.</summary>
    private static async Task EndAsync(SiloProcess silo)
    {
        using var client = new HttpGridClient(silo.Address);
        using var limit = new CancellationTokenSource(Patience);
        await client.Models.SetCanaryAsync(Model, new Canary("3", 20, StickyBy.Entity, IsAutomatic: true), limit.Token);
        for (var i = 0; (await client.Models.GetAsync(Model, limit.Token)).Live != "3"; i++)
        {
            limit.Token.ThrowIfCancellationRequested();
            for (var j = 0; j < 20; j++)
            {
                await PredictAsync(client, (i * 20) + j);
            }
        }

        var steps = (await client.Models.GetHistoryAsync(Model, limit.Token)).Steps;
        Assert.Equal([50.0, 80.0], steps.Where(step => step is { IsAutomatic: true, Action: RolloutAction.Canary }).Select(step => step.After.Canary!.SharePercent).TakeLast(2));
    }

    private static Task<Prediction> PredictAsync(HttpGridClient client, int entity) =>
        client.PredictAsync(Model, "t", $"D{entity % 500}", s_values).AsTask();
}
