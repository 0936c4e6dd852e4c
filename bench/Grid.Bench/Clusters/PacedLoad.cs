using System.Diagnostics;

namespace Grid.Bench.Clusters;

/// <summary>Calls at a steady rate, whether or not those before have been answered: callers that do not know of each other.</summary>
internal static class PacedLoad
{
    /// <summary>Calls that may be under way; more means that the grid stands still, and a machine that is filled with waiting calls shows nothing any more.</summary>
    private const int MostUnderWay = 20_000;

    /// <param name="perSecond">The rate.</param>
    /// <param name="send">Makes a call, by its number and the time stamp at which it was due. It handles its own failures.</param>
    /// <param name="stop">Ends the sending.</param>
    /// <returns>Completes when what was sent is answered.</returns>
    public static async Task RunAsync(double perSecond, Func<int, long, Task> send, CancellationToken stop)
    {
        var sent = new List<Task>();

        // A thread of its own: a pool that is busy would bend the rate.
        await Task.Factory.StartNew(() => Send(perSecond, send, sent, stop), CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default);
        await Task.WhenAll(sent);
    }

    private static void Send(double perSecond, Func<int, long, Task> send, List<Task> sent, CancellationToken stop)
    {
        var began = Stopwatch.GetTimestamp();
        var interval = Stopwatch.Frequency / perSecond;
        var done = 0;
        while (!stop.IsCancellationRequested)
        {
            var now = Stopwatch.GetTimestamp();
            for (; began + (long)(sent.Count * interval) is var due && due <= now; sent.Add(send(sent.Count, due)))
            {
                for (; done < sent.Count && sent[done].IsCompleted; done++)
                {
                }

                if (sent.Count - done > MostUnderWay)
                {
                    throw new InvalidOperationException($"{MostUnderWay} calls are under way and none is answered.");
                }
            }

            Thread.Sleep(1);
        }
    }
}
