using Grid.Abstractions;

namespace Grid.Client;

/// <summary>What the grid says about its models: figures, signals, and requests to train again.</summary>
public interface IGridSignals
{
    /// <summary>Signals of the workspace's models, the latest first.</summary>
    /// <param name="model">Of this model alone; null for all.</param>
    /// <param name="withCleared">Also those that are no longer true, as far as they are kept.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<IReadOnlyList<SignalInfo>> ListAsync(string? model = null, bool withCleared = false, CancellationToken cancellationToken = default);

    /// <summary>Marks a signal as seen. One that is acknowledged already stays as it is.</summary>
    /// <param name="model">The model it is about.</param>
    /// <param name="id">Its id.</param>
    /// <param name="by">Who has seen it, 1 to 200 characters.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    /// <exception cref="Primitives.GridException">No signal of that id is open.</exception>
    ValueTask<SignalInfo> AcknowledgeAsync(string model, string id, string by, CancellationToken cancellationToken = default);

    /// <summary>What is known about a model's versions in service.</summary>
    ValueTask<MonitorStatus> GetMonitorAsync(string model, CancellationToken cancellationToken = default);

    /// <summary>Asks for a training by hand: a signal of type <c>retrain</c>, where rows and budget allow it.</summary>
    /// <param name="model">The model.</param>
    /// <param name="by">Who asks, 1 to 200 characters.</param>
    /// <param name="cancellationToken">Gives up waiting.</param>
    ValueTask<RetrainVerdict> RetrainAsync(string model, string by, CancellationToken cancellationToken = default);
}
