using Grid.Grains.Draining;

namespace Grid.Silo.Hosting.Clustering;

/// <summary>A silo that is asked to stop hands over first, while its doors and its actors still serve.</summary>
internal sealed class DrainOnStop(SiloDrain drain) : IHostedLifecycleService
{
    private volatile bool _started;

    public Task StartingAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StartedAsync(CancellationToken cancellationToken)
    {
        _started = true;
        return Task.CompletedTask;
    }

    public async Task StoppingAsync(CancellationToken cancellationToken)
    {
        // One that came half up has nothing to give, and perhaps nobody to tell.
        if (!_started)
        {
            return;
        }

        try
        {
            await drain.RunAsync(cancellationToken);
        }
        catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
        {
            // The time of the stop is over; shards flush as they end.
        }
    }

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StoppedAsync(CancellationToken cancellationToken) => Task.CompletedTask;
}
