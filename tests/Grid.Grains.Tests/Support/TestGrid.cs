using Grid.Client;
using Grid.Silo.Hosting;
using Grid.TestKit;
using Microsoft.Extensions.DependencyInjection;

namespace Grid.Grains.Tests.Support;

/// <summary>A silo over a folder of its own that can be stopped and started again on what it stored.</summary>
internal sealed class TestGrid : IAsyncDisposable
{
    private readonly TempFolder _folder = new();
    private readonly GridSiloOptions _options;
    private GridSilo? _silo;

    private TestGrid(Action<GridSiloOptions>? configure)
    {
        _options = new GridSiloOptions { StateFolder = _folder.Sub("state"), HttpAddress = "http://127.0.0.1:0", CreateTenantsOnFirstUse = false };
        configure?.Invoke(_options);
    }

    public GridSilo Silo => _silo ?? throw new InvalidOperationException("The silo is down.");

    public string StateFolder => _options.StateFolder;

    public IGridClient Client => Silo.Client();

    public T Service<T>()
        where T : notnull => Silo.Services.GetRequiredService<T>();

    public static async Task<TestGrid> StartAsync(Action<GridSiloOptions>? configure = null, string? views = TestViews.Card)
    {
        var grid = new TestGrid(configure);
        grid._silo = await GridSilo.StartAsync(grid._options);
        if (views is not null)
        {
            await grid.Client.Views.ApplyAsync(views);
        }

        return grid;
    }

    /// <summary>A clean stop, and a new silo on the same folder.</summary>
    public async Task RestartAsync()
    {
        await Silo.DisposeAsync();
        _silo = null;
        _silo = await GridSilo.StartAsync(_options);
    }

    public async ValueTask DisposeAsync()
    {
        if (_silo is not null)
        {
            await _silo.DisposeAsync();
        }

        _folder.Dispose();
    }
}
