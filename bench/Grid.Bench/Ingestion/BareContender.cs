using System.Globalization;
using Grid.Bench.Measuring;
using Grid.Bench.Processes;

namespace Grid.Bench.Ingestion;

/// <summary>The plain consumer loop, into a dictionary or into Redis.</summary>
internal sealed class BareContender : IContender
{
    private readonly Spawned _process;
    private readonly RedisProcess? _redis;

    private BareContender(Spawned process, RedisProcess? redis, bool isChecked)
    {
        _process = process;
        _redis = redis;
        Name = redis is null ? "bare loop, dictionary" : isChecked ? "bare loop, Redis" : "bare loop, Redis unchecked";
    }

    public string Name { get; }

    public static async Task<BareContender> StartAsync(string bootstrap, RedisProcess? redis = null, bool isChecked = true)
    {
        List<string> arguments = ["consume", "--bootstrap", bootstrap];
        if (redis is not null)
        {
            arguments.AddRange(["--redis", redis.Port.ToString(CultureInfo.InvariantCulture)]);
        }

        if (isChecked)
        {
            arguments.Add("--checked");
        }

        // A loop on its own has no use for a heap for each core.
        var process = await Spawned.StartDotnetAsync(typeof(BareContender).Assembly.Location, arguments, new Dictionary<string, string> { ["DOTNET_gcServer"] = "0" });
        await process.LineAsync(static line => line == "ready");
        await process.FreezeAsync();
        return new BareContender(process, redis, isChecked);
    }

    public double OwnCpuSeconds() => ProcessCpu.SecondsOf(_process.Id);

    public double CpuSeconds() => OwnCpuSeconds() + (_redis is null ? 0 : ProcessCpu.SecondsOf(_redis.Id));

    public async Task ConsumeAsync(int events, long[] ends)
    {
        await _process.ThawAsync();
        await _process.SayAsync(events.ToString(CultureInfo.InvariantCulture));
        await _process.LineAsync(static line => line == "done");
        await _process.FreezeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        if (_redis is not null)
        {
            await _redis.DisposeAsync();
        }
    }
}
