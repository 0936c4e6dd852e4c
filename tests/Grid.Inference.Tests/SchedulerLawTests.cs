using CsCheck;
using Grid.Inference.Hosting;
using Grid.Inference.Manifests;
using Grid.Inference.Scheduling;
using Grid.Inference.Tests.Support;
using Grid.Primitives;

namespace Grid.Inference.Tests;

/// <summary>Whatever comes in whatever order: every request ends once, with its own answer or with a reason, and no run is over its size.</summary>
public sealed class SchedulerLawTests
{
    private const int Tenants = 4;
    private const int MaxBatch = 8;
    private const int Capacity = 12;

    [Fact]
    public async Task AnySequenceOfRequestsCancellationsStepsAndTime_EndsEveryRequestOnce()
    {
        var largest = 0;
        await using var test = new TestHost(
            new FaultPoints { WorkersAreStepped = true, Cost = static rows => rows * 1e6, BeforeRun = (_, rows) => largest = Math.Max(largest, rows) },
            new ModelHostOptions { WorkerThreads = 1 });
        using var replica = await test.LoadAsync("identity", OnnxBuilder.Identity(OnnxBuilder.Float, null, 1), new ModelManifest
        {
            Inputs = [new("x", [new(ColumnSource.Request, "v")])],
            Limits = new() { MaxBatch = MaxBatch, Queue = Capacity, DeadlineMs = 60, Inline = InlineMode.Never },
        });

        // 0 to 5: a request of a tenant; 6: cancel one; 7: a step; 8: time passes.
        Gen.Select(Gen.Int[0, 8], Gen.Int[0, 999]).Array[1, 80].Sample(
            steps => Play(test, replica, steps).GetAwaiter().GetResult(),
            iter: 300,
            threads: 1);
        Assert.InRange(largest, 2, MaxBatch);
    }

    private static async Task Play(TestHost test, Replica replica, (int Kind, int Value)[] steps)
    {
        using var requests = new Requests(replica);
        var sent = new List<(CancellationTokenSource Cancel, int Rows)>();
        foreach (var (kind, value) in steps)
        {
            switch (kind)
            {
                case 6 when sent.Count > 0:
                    sent[value % sent.Count].Cancel.Cancel();
                    break;
                case 7:
                    test.Host.Scheduler.TryStep();
                    break;
                case 8:
                    test.Time.Advance(TimeSpan.FromMilliseconds(value % 20));
                    break;
                case < 6:
                    var cancel = new CancellationTokenSource();
                    // Some have more rows than one run.
                    var rows = 1 + (value % (value % 5 == 0 ? 30 : 4));
                    sent.Add((cancel, rows));
                    requests.Post($"tenant{kind % Tenants}", rows, value: sent.Count, cancellationToken: cancel.Token);
                    break;
            }

            Assert.InRange(test.Host.Waiting, 0, Capacity);
        }

        while (test.Host.Scheduler.TryStep())
        {
        }

        Assert.Equal(0, test.Host.Waiting);
        for (var i = 0; i < sent.Count; i++)
        {
            Assert.True(requests.IsDone(i));
            var result = await requests[i];
            if (result.IsOk)
            {
                Assert.All(requests.Answer(i).ToArray(), a => Assert.Equal(i + 1, a));
                Assert.Equal(sent[i].Rows, requests.Answer(i).Length);
            }
            else
            {
                Assert.Contains(result.Error!.Code, (GridErrorCode[])[GridErrorCode.Overloaded, GridErrorCode.DeadlineExceeded, GridErrorCode.Cancelled]);
                Assert.True(result.Error.Code != GridErrorCode.Cancelled || sent[i].Cancel.IsCancellationRequested);
            }

            sent[i].Cancel.Dispose();
        }
    }
}
