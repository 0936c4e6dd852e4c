using Grid.Client.Http;
using Grid.Silo.Hosting;
using Grid.TestKit;

namespace Grid.Silo.Tests.Support;

/// <summary>One real silo with the flights models and views on a free port, for all tests of a class.</summary>
public class SiloFixture : IAsyncLifetime
{
    private readonly TempFolder _state = new();
    private GridSilo? _silo;

    /// <summary>Speaks HTTP to the silo.</summary>
    public HttpClient Http { get; } = new();

    /// <summary>The SDK over HTTP.</summary>
    public HttpGridClient Sdk { get; private set; } = null!;

    public string StateFolder => _state.Sub("state");

    public string Address => Silo.Address;

    internal GridSilo Silo => _silo ?? throw new InvalidOperationException("The silo has not started.");

    public async ValueTask InitializeAsync()
    {
        var options = new GridSiloOptions
        {
            StateFolder = StateFolder,
            HttpAddress = "http://127.0.0.1:0",
            Models = Path.Combine(Repository.Flights, "models"),
            Views = [Path.Combine(Repository.Flights, "views")],
        };
        Configure(options);
        _silo = await GridSilo.StartAsync(options);
        Http.BaseAddress = new Uri(_silo.Address);
        Sdk = new HttpGridClient(_silo.Address);
    }

    public async ValueTask DisposeAsync()
    {
        Http.Dispose();
        Sdk?.Dispose();
        if (_silo is not null)
        {
            await _silo.DisposeAsync();
        }

        _state.Dispose();
        GC.SuppressFinalize(this);
    }

    /// <summary>Settings that differ from those of the embedded grid.</summary>
    private protected virtual void Configure(GridSiloOptions options)
    {
    }
}
