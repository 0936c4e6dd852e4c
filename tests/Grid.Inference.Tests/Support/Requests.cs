using Grid.Inference.Hosting;
using Grid.Inference.Rows;
using Grid.Inference.Scheduling;

namespace Grid.Inference.Tests.Support;

/// <summary>Requests by rows that a test has sent to one replica, in order.</summary>
internal sealed class Requests(Replica replica) : IDisposable
{
    private readonly List<RowBuffer> _buffers = [];
    private readonly List<Task<RunResult>> _runs = [];

    public Task<RunResult> this[int at] => _runs[at];

    public void Post(string tenant, int rows = 1, float value = 1, long deadline = 0, CancellationToken cancellationToken = default)
    {
        var buffer = replica.Rent(rows);
        buffer.Input().Fill(value);
        _buffers.Add(buffer);
        _runs.Add(replica.RunAsync(buffer, new RunContext(tenant, deadline, cancellationToken)).AsTask());
    }

    public Task<RunResult> SendAsync(string tenant, int rows = 1, float value = 1, long deadline = 0, CancellationToken cancellationToken = default)
    {
        Post(tenant, rows, value, deadline, cancellationToken);
        return _runs[^1];
    }

    /// <summary>Known when the run ends; the task's continuation comes later, on another thread.</summary>
    public bool IsDone(int at) => !_buffers[at].Run.IsBusy;

    public ReadOnlySpan<float> Answer(int at) => _buffers[at].Output();

    public async Task<bool[]> OutcomesAsync() => [.. (await Task.WhenAll(_runs)).Select(static r => r.IsOk)];

    public void Dispose() => _buffers.ForEach(static b => b.Dispose());
}
