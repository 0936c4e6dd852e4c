using Grid.Abstractions;

namespace Grid.Client;

/// <summary>Feature views of the workspace.</summary>
public interface IGridViews
{
    ValueTask<ViewsInfo> GetAsync(CancellationToken cancellationToken = default);

    /// <summary>Validates everything, then applies all at once or changes nothing.</summary>
    /// <param name="yaml">One or more YAML documents.</param>
    /// <param name="source">Name of the text in errors, such as its file name.</param>
    /// <param name="dryRun">Answer what would change.</param>
    /// <param name="prune">Also remove views that the text does not name.</param>
    /// <param name="cancellationToken">Gives up waiting; the change may still be made.</param>
    ValueTask<ViewsInfo> ApplyAsync(string yaml, string source = "views", bool dryRun = false, bool prune = false, CancellationToken cancellationToken = default);
}
