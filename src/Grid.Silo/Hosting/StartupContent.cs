using Grid.Client;
using Grid.Inference.Repository;
using Grid.Primitives;

namespace Grid.Silo.Hosting;

/// <summary>Registers the models and applies the views that the settings name. What is there already is left alone, so every start may repeat it.</summary>
internal sealed partial class StartupContent(IGridClientFactory clients, ILogger<StartupContent> logger)
{
    public async Task ApplyAsync(GridSiloOptions options, CancellationToken cancellationToken)
    {
        var grid = clients.ForWorkspace(GridNames.DefaultWorkspace);
        foreach (var path in options.Views)
        {
            await ApplyViewsAsync(grid, path, cancellationToken);
        }

        if (options.Models is { } models)
        {
            await RegisterModelsAsync(grid, models, cancellationToken);
        }
    }

    private static async Task ApplyViewsAsync(IGridClient grid, string path, CancellationToken cancellationToken)
    {
        IEnumerable<string> files = File.Exists(path) ? [path] : Directory.EnumerateFiles(path, "*.yaml").Order(StringComparer.Ordinal);
        foreach (var file in files)
        {
            var yaml = await File.ReadAllTextAsync(file, cancellationToken);
            await grid.Views.ApplyAsync(yaml, Path.GetFileName(file), cancellationToken: cancellationToken);
        }
    }

    private async Task RegisterModelsAsync(IGridClient grid, string repository, CancellationToken cancellationToken)
    {
        var scan = await ModelRepository.ScanAsync(repository, cancellationToken: cancellationToken);
        foreach (var error in scan.Errors)
        {
            LogSkipped(error);
        }

        foreach (var model in scan.Versions.GroupBy(found => found.Model, StringComparer.Ordinal))
        {
            foreach (var found in model)
            {
                try
                {
                    await grid.Models.PushAsync(found.Model, found.Version, found.Package.Folder, cancellationToken: cancellationToken);
                }
                catch (GridException e)
                {
                    // One bad entry of a repository must not keep the others from serving.
                    LogSkipped(e.Error);
                }
            }

            var info = await grid.Models.GetAsync(model.Key, cancellationToken);
            if (info.Live is null && info.Versions.Length > 0)
            {
                await grid.Models.SetLiveAsync(model.Key, info.Versions[^1], cancellationToken);
            }
        }
    }

    [LoggerMessage(EventId = 1001, Level = LogLevel.Warning, Message = "Model repository: {Error}")]
    private partial void LogSkipped(GridError error);
}
