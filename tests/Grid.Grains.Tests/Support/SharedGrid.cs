using System.Globalization;
using Grid.Client;

namespace Grid.Grains.Tests.Support;

/// <summary>One silo for the tests of a class; each test takes a tenant of its own.</summary>
public sealed class SharedGrid : IAsyncLifetime
{
    private TestGrid? _grid;
    private int _tenants;

    public IGridClient Client => Grid.Client;

    internal TestGrid Grid => _grid ?? throw new InvalidOperationException("The silo has not been started.");

    public async ValueTask InitializeAsync() => _grid = await TestGrid.StartAsync();

    public async Task<string> TenantAsync(int shards = 1)
    {
        var name = string.Create(CultureInfo.InvariantCulture, $"tenant-{Interlocked.Increment(ref _tenants)}");
        return (await Client.Tenants.CreateAsync(name, shards)).Tenant;
    }

    public async ValueTask DisposeAsync()
    {
        if (_grid is not null)
        {
            await _grid.DisposeAsync();
        }
    }
}
