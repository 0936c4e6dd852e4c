using Grid.Abstractions;
using Grid.Client;

namespace Grid.Silo.Doors;

internal sealed class InProcessViews(string workspace, IGrainFactory grains) : IGridViews
{
    private IWorkspaceGrain Grain => grains.GetGrain<IWorkspaceGrain>(workspace);

    public async ValueTask<ViewsInfo> GetAsync(CancellationToken cancellationToken) =>
        await DoorErrors.TranslateAsync(Grain.GetViewsAsync(), cancellationToken);

    public async ValueTask<ViewsInfo> ApplyAsync(string yaml, string source, bool dryRun, bool prune, CancellationToken cancellationToken) =>
        await DoorErrors.TranslateAsync(Grain.ApplyViewsAsync(new ApplyViewsRequest(yaml, source, dryRun, prune), cancellationToken), cancellationToken);
}
