namespace Grid.Grains.Catalogue;

/// <summary>
/// A question to the store that many ask at the same time and whose answer fits all: one is under way, and whoever asks meanwhile joins the next, which
/// begins after they asked. Thread-safe.
/// </summary>
/// <param name="pull">Asks. Never called twice at the same time, and never by the caller's thread.</param>
internal sealed class JoinedPull<T>(Func<Task<T>> pull)
{
    private readonly Lock _lock = new();
    private Task _last = Task.CompletedTask;
    private Task<T>? _next;

    /// <summary>An answer to a question that was asked after this call.</summary>
    /// <param name="cancellationToken">Ends the wait; others may still wait for the answer.</param>
    public Task<T> AskAsync(CancellationToken cancellationToken)
    {
        Task<T> next;
        lock (_lock)
        {
            if (_next is null)
            {
                _next = PullAsync(_last);
                _last = _next;
            }

            next = _next;
        }

        return next.WaitAsync(cancellationToken);
    }

    private async Task<T> PullAsync(Task before)
    {
        // Yields also where the one before is over: the caller holds the lock.
        await before.ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing | ConfigureAwaitOptions.ForceYielding);
        lock (_lock)
        {
            _next = null;
        }

        return await pull().ConfigureAwait(false);
    }
}
