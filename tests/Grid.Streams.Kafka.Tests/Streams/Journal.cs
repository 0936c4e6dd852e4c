using Orleans.Streams;

namespace Grid.Streams.Kafka.Tests.Streams;

/// <summary>What the consumers of a test saw, across its silos.</summary>
public sealed class Journal
{
    private readonly Lock _gate = new();
    private readonly List<Entry> _entries = [];
    private readonly List<(Func<IReadOnlyList<Entry>, bool> Holds, TaskCompletionSource Done)> _waits = [];

    /// <summary>Asked before an event is taken; true makes the consumer fail.</summary>
    public Func<string, string, bool> Fails { get; set; } = static (_, _) => false;

    /// <summary>What consumers wait for before they take an event.</summary>
    public Func<string, Task> Gate { get; set; } = static _ => Task.CompletedTask;

    public IReadOnlyList<Entry> Entries
    {
        get
        {
            lock (_gate)
            {
                return [.. _entries];
            }
        }
    }

    public void Take(string stream, string text, StreamSequenceToken? token, string? context = null, int batch = 1)
    {
        if (Fails(stream, text))
        {
            throw new InvalidOperationException($"The test wants '{text}' to fail.");
        }

        lock (_gate)
        {
            _entries.Add(new Entry(stream, text, token, context, batch));
            foreach (var (holds, done) in _waits)
            {
                if (holds(_entries))
                {
                    done.TrySetResult();
                }
            }
        }
    }

    public async Task UntilAsync(Func<IReadOnlyList<Entry>, bool> holds)
    {
        var done = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            if (holds(_entries))
            {
                return;
            }

            _waits.Add((holds, done));
        }

        try
        {
            await done.Task.WaitAsync(KafkaFixture.Patience);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"It never came to that; {Entries.Count} events came: {string.Join(", ", Entries.Take(50).Select(e => e.Stream + ":" + e.Text))}");
        }
    }

    /// <summary>Texts of a stream in the order of their first coming.</summary>
    public List<string> Distinct(string stream) => [.. Entries.Where(e => e.Stream == stream).Select(e => e.Text).Distinct()];

    public sealed record Entry(string Stream, string Text, StreamSequenceToken? Token, string? Context, int Batch);
}
