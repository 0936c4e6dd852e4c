using Orleans;

namespace Grid.Abstractions;

/// <summary>Owner of a workspace's feature views; key is the workspace.</summary>
[Alias("grid.IWorkspaceGrain"), GrainInterfaceType("grid.workspace")]
public interface IWorkspaceGrain : IGrainWithStringKey
{
    /// <summary>Validates everything, then swaps all views at once or changes nothing.</summary>
    [Alias("ApplyViews")]
    Task<ViewsInfo> ApplyViewsAsync(ApplyViewsRequest request, CancellationToken cancellationToken = default);

    [Alias("GetViews")]
    Task<ViewsInfo> GetViewsAsync();
}
