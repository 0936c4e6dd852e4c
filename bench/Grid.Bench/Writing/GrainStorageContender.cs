using System.Net;
using Grid.Silo.Hosting;
using Npgsql;
using Orleans.Configuration;
using Orleans.Runtime;
using Orleans.Storage;

namespace Grid.Bench.Writing;

/// <summary>Orleans' own persistence: a write of a grain's state is a statement and a commit of its own.</summary>
internal sealed class GrainStorageContender : IWriteContender
{
    private const string Provider = "bench";
    private const string StateName = "state";

    /// <summary>Far more than the server has cores; with the default of 100 for each database it runs out of clients.</summary>
    private const int Connections = 64;

    private readonly IHost _host;
    private readonly IGrainStorage _storage;
    private readonly GrainId[] _grains;
    private readonly GrainState<byte[]>[] _states;

    private GrainStorageContender(IHost host, int writers)
    {
        _host = host;
        _storage = host.Services.GetRequiredKeyedService<IGrainStorage>(Provider);
        _grains = [.. Enumerable.Range(0, writers).Select(static i => GrainId.Create("bench", $"t{i}"))];
        _states = [.. _grains.Select(static _ => new GrainState<byte[]>())];
    }

    public string Name => "Orleans.Persistence.AdoNet";

    public static async Task<GrainStorageContender> OpenAsync(string connection, int writers)
    {
        await using (var source = NpgsqlDataSource.Create(connection))
        await using (var command = source.CreateCommand(GrainStorageSql.Script))
        {
            await command.ExecuteNonQueryAsync();
        }

        var builder = Host.CreateApplicationBuilder();
        builder.Logging.ClearProviders();
        builder.UseOrleans(silo => silo
            .UseLocalhostClustering()
            .Configure<EndpointOptions>(static o =>
            {
                // Only the provider is used; the ports are any that are free.
                o.AdvertisedIPAddress = IPAddress.Loopback;
                (o.SiloPort, o.GatewayPort) = (FreePorts.Require(nameof(o.SiloPort), IPAddress.Loopback, 0), FreePorts.Require(nameof(o.GatewayPort), IPAddress.Loopback, 0));
            })
            .AddAdoNetGrainStorage(Provider, options =>
            {
                options.Invariant = "Npgsql";
                options.ConnectionString = $"{connection};Maximum Pool Size={Connections}";

                // The same bytes as the other contender's, without the cost of a serialiser.
                options.GrainStorageSerializer = new RawBytes();
            }));
        var host = builder.Build();
        await host.StartAsync();
        return new GrainStorageContender(host, writers);
    }

    public Task WriteAsync(int writer, byte[] payload)
    {
        _states[writer].State = payload;
        return _storage.WriteStateAsync(StateName, _grains[writer], _states[writer]);
    }

    public async ValueTask DisposeAsync()
    {
        await _host.StopAsync();
        _host.Dispose();
    }

    private sealed class RawBytes : IGrainStorageSerializer
    {
        public BinaryData Serialize<T>(T? input) => new((byte[])(object)input!);

        public T Deserialize<T>(BinaryData input) => (T)(object)input.ToArray();
    }
}
