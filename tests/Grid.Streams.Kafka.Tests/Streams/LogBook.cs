using System.Collections.Concurrent;
using Microsoft.Extensions.Logging;

namespace Grid.Streams.Kafka.Tests.Streams;

/// <summary>Keeps what the Kafka parts log, so that tests can wait for a line.</summary>
internal sealed class LogBook : ILoggerProvider, ILogger
{
    private readonly ConcurrentQueue<(EventId Id, string Text)> _lines = new();
    private readonly ConcurrentBag<(int Id, TaskCompletionSource<string> Line)> _waits = [];

    public async Task<string> LineAsync(int eventId)
    {
        var wait = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        _waits.Add((eventId, wait));
        foreach (var (id, text) in _lines)
        {
            if (id.Id == eventId)
            {
                return text;
            }
        }

        return await wait.Task.WaitAsync(KafkaFixture.Patience);
    }

    public ILogger CreateLogger(string categoryName) => this;

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel >= LogLevel.Information;

    public void Log<TState>(LogLevel logLevel, EventId eventId, TState state, Exception? exception, Func<TState, Exception?, string> formatter)
    {
        if (eventId.Id is < 5100 or >= 5400)
        {
            return;
        }

        var text = formatter(state, exception);
        _lines.Enqueue((eventId, text));
        foreach (var (id, line) in _waits)
        {
            if (id == eventId.Id)
            {
                line.TrySetResult(text);
            }
        }
    }

    public void Dispose()
    {
        // The test owns it, and reads it after the silos have gone.
    }
}
