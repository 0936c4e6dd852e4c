using Grid.Abstractions;
using Grid.Client;
using Grid.Grains.Monitoring;
using Grid.Primitives;

namespace Grid.Silo.Doors;

internal sealed class InProcessSignals(string workspace, IGrainFactory grains, MonitorStore monitors) : IGridSignals
{
    public async ValueTask<IReadOnlyList<SignalInfo>> ListAsync(string? model, bool withCleared, CancellationToken cancellationToken)
    {
        // As they are stored: no monitor is woken to be asked.
        var signals = await monitors.ListAsync(workspace, withCleared, cancellationToken);
        return
        [
            .. signals.Select(SignalInfos.Of)
                .Where(signal => model is null || signal.Model == model)
                .OrderByDescending(static signal => signal.UpdatedMs)
                .ThenBy(static signal => signal.Id, StringComparer.Ordinal),
        ];
    }

    public async ValueTask<SignalInfo> AcknowledgeAsync(string model, string id, string by, CancellationToken cancellationToken) =>
        await DoorErrors.TranslateAsync(Monitor(model).AcknowledgeAsync(id, by), cancellationToken);

    public async ValueTask<MonitorStatus> GetMonitorAsync(string model, CancellationToken cancellationToken) =>
        await DoorErrors.TranslateAsync(Monitor(model).GetAsync(), cancellationToken);

    public async ValueTask<RetrainVerdict> RetrainAsync(string model, string by, CancellationToken cancellationToken) =>
        await DoorErrors.TranslateAsync(Monitor(model).RetrainAsync(by), cancellationToken);

    private IMonitorGrain Monitor(string model) => grains.GetGrain<IMonitorGrain>($"{workspace}/{GridNames.Require("model", model)}");
}
