using System.Globalization;
using Grid.Bench.Scheduling;
using Grid.Client;
using Grid.Client.Http;

namespace Grid.Bench.Processes;

/// <summary>The silo as it is shipped, started with <c>grid serve</c>, over a folder of its own.</summary>
internal sealed class SiloProcess : IAsyncDisposable
{
    private const string ReadyLine = "Grid is ready at ";

    private readonly string _folder;
    private readonly Spawned _process;

    private SiloProcess(string folder, Spawned process, string address)
    {
        _folder = folder;
        _process = process;
        Address = address;
        Client = new HttpGridClient(new GridClientOptions { Addresses = [address], RequestTimeout = TimeSpan.FromMinutes(2) });
    }

    public string Address { get; }

    public HttpGridClient Client { get; }

    public int Id => _process.Id;

    public string StateFolder => Path.Combine(_folder, "state");

    /// <param name="files">Name and text of files that the silo is given, views and sources by their names' endings <c>.view.yaml</c> and <c>.source.yaml</c>.</param>
    /// <param name="postgreSql">Where the state is kept; null for the embedded store.</param>
    /// <param name="models">A model repository.</param>
    /// <param name="settings">Environment variables.</param>
    /// <param name="deviceMs">Put a device in place of the processor that takes so long for a run: the silo is then one of this program's own.</param>
    public static async Task<SiloProcess> StartAsync(
        IReadOnlyDictionary<string, string> files,
        string? postgreSql = null,
        string? models = null,
        IReadOnlyDictionary<string, string>? settings = null,
        double? deviceMs = null)
    {
        var folder = Directory.CreateTempSubdirectory("grid-bench-silo-").FullName;
        List<string> arguments = ["--state", Path.Combine(folder, "state"), "--address", "http://127.0.0.1:0"];
        arguments.InsertRange(0, deviceMs is { } ms ? [DeviceSilo.Command, "--device-ms", ms.ToString(CultureInfo.InvariantCulture)] : ["serve"]);
        foreach (var (name, text) in files)
        {
            var path = Path.Combine(folder, name);
            await File.WriteAllTextAsync(path, text);
            arguments.AddRange([name.EndsWith(".view.yaml", StringComparison.Ordinal) ? "--views" : "--source", path]);
        }

        if (models is not null)
        {
            arguments.AddRange(["--models", models]);
        }

        var environment = new Dictionary<string, string>(settings ?? new Dictionary<string, string>());
        if (postgreSql is not null)
        {
            environment["GRID_POSTGRESQL"] = postgreSql;
        }

        var program = deviceMs is null ? typeof(Silo.Hosting.GridSilo) : typeof(DeviceSilo);
        var process = await Spawned.StartDotnetAsync(program.Assembly.Location, arguments, environment);
        var ready = await process.LineAsync(static line => line.Contains(ReadyLine, StringComparison.Ordinal));
        return new SiloProcess(folder, process, ready[(ready.IndexOf(ReadyLine, StringComparison.Ordinal) + ReadyLine.Length)..].Trim());
    }

    public Task FreezeAsync() => _process.FreezeAsync();

    public Task ThawAsync() => _process.ThawAsync();

    public Task StunAsync() => _process.StunAsync();

    public Task WakeAsync() => _process.WakeAsync();

    public Task KillAsync() => _process.KillAsync();

    public Task<int> TerminateAsync() => _process.TerminateAsync();

    public async ValueTask DisposeAsync()
    {
        Client.Dispose();
        await _process.DisposeAsync();
        Directory.Delete(_folder, recursive: true);
    }
}
