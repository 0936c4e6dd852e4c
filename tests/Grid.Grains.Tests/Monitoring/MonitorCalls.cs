using Grid.Abstractions;
using Grid.Grains.Monitoring;
using Grid.Grains.Tests.Support;

namespace Grid.Grains.Tests.Monitoring;

/// <summary>What tests ask of monitors.</summary>
internal static class MonitorCalls
{
    /// <summary>What a loaded machine may take for what takes a second.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(2);

    public static IMonitorGrain Monitor(this TestGrid grid, string model) => grid.Service<IGrainFactory>().GetGrain<IMonitorGrain>($"default/{model}");

    /// <summary>Signals as they are stored, cleared ones too, in the order in which they were opened.</summary>
    public static async Task<List<SignalInfo>> SignalsAsync(this TestGrid grid) =>
        [.. (await grid.Service<MonitorStore>().ListAsync("default", withCleared: true, TestContext.Current.CancellationToken)).Select(SignalInfos.Of).OrderBy(static s => s.OpenedMs)];

    /// <summary>Asks until the answer is as wanted.</summary>
    public static async Task<T> UntilAsync<T>(Func<Task<T>> ask, Predicate<T> isDone)
    {
        using var limit = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(50));
        while (true)
        {
            var answer = await ask();
            if (isDone(answer))
            {
                return answer;
            }

            await timer.WaitForNextTickAsync(limit.Token);
        }
    }
}
