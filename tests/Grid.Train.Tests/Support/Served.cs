using Grid.Inference.Hosting;
using Grid.Inference.Repository;
using Grid.Inference.Scheduling;
using Grid.Primitives;
using Grid.Train.Data;

namespace Grid.Train.Tests.Support;

/// <summary>Runs a folder that training made, on the model host that serves it.</summary>
internal static class Served
{
    private const int Batch = 64;

    public static async Task<float[]> PredictAsync(string folder, TrainingSet set)
    {
        await using var host = new ModelHost(null, TimeProvider.System);
        var package = await ModelPackage.FromFolderAsync(folder);
        var key = new VersionKey("default", "trained", "1");
        await host.LoadAsync(key, package, await package.ReadManifestAsync());
        Assert.True(host.TryAcquire(key, out var replica));
        using var held = replica;
        var answers = new float[set.Count];
        for (var start = 0; start < answers.Length; start += Batch)
        {
            var count = Math.Min(Batch, answers.Length - start);
            using var buffer = held.Rent(count);
            set.Rows(start..(start + count)).Features.CopyTo(buffer.Input());
            (await held.RunAsync(buffer, new RunContext("t"))).ThrowIfFailed();
            buffer.Output(0)[..count].CopyTo(answers.AsSpan(start));
        }

        return answers;
    }
}
