using System.Globalization;

namespace Grid.TestKit.Network;

/// <summary>
/// Hosts on a switch of their own, each in a network namespace of Linux: packets between them can be lost without anybody being told, as on a broken link.
/// Nothing leaves the machine and nothing of its own network changes. A namespace lives as long as a process in it, so all is gone with this process, however that ends.
/// </summary>
public sealed class PrivateNetwork : IAsyncDisposable
{
    private const string SwitchName = "switch";

    private readonly List<NetworkHost> _hosts = [];
    private readonly NetworkNamespace _switch;

    private PrivateNetwork(NetworkNamespace space) => _switch = space;

    public IReadOnlyList<NetworkHost> Hosts => _hosts;

    /// <summary>Why this machine has no such networks; null where it has.</summary>
    public static async Task<string?> WhyNotAsync()
    {
        if (!OperatingSystem.IsLinux() || !Environment.IsPrivilegedProcess)
        {
            return "Network namespaces need Linux and the rights of root.";
        }

        try
        {
            await using var trial = await CreateAsync("trial");
            return null;
        }
        catch (Exception e) when (e is InvalidOperationException or System.ComponentModel.Win32Exception)
        {
            return $"This machine allows no network namespaces ('apt-get install iproute2' on Debian where 'ip' is missing): {e.Message}";
        }
    }

    /// <param name="hosts">Names of the hosts, at most 200.</param>
    /// <exception cref="InvalidOperationException">The system refused, or a program is missing.</exception>
    public static async Task<PrivateNetwork> CreateAsync(params string[] hosts)
    {
        var network = new PrivateNetwork(await NetworkNamespace.CreateAsync());
        try
        {
            await network._switch.ConfigureAsync("link set lo up", $"link add {SwitchName} type bridge", $"link set {SwitchName} up");
            foreach (var host in hosts)
            {
                await network.AddAsync(host);
            }

            return network;
        }
        catch
        {
            await network.DisposeAsync();
            throw;
        }
    }

    /// <summary>Loses every packet from one host to another from now on. Open connections stay open at both ends and hear nothing.</summary>
    public static Task LoseAsync(NetworkHost from, NetworkHost to) =>

        // The frames go to a station that is not there. An entry that was set is not changed by what the other says of itself.
        from.Namespace.ConfigureAsync($"neigh replace {to.Address} lladdr 02:00:00:00:00:00 dev {NetworkHost.Device} nud permanent");

    /// <summary>Loses every packet between two hosts.</summary>
    public static Task CutAsync(NetworkHost one, NetworkHost other) => Task.WhenAll(LoseAsync(one, other), LoseAsync(other, one));

    /// <summary>Cuts a host off from some others.</summary>
    public static Task CutAsync(NetworkHost one, IEnumerable<NetworkHost> others) => Task.WhenAll(others.Select(other => CutAsync(one, other)));

    /// <summary>All packets arrive again. What was lost before is sent again when its sender tries next, which may take as long as the loss did.</summary>
    public Task HealAsync() => Task.WhenAll(_hosts.Select(static host => host.Namespace.ConfigureAsync($"neigh flush dev {NetworkHost.Device} nud permanent")));

    public async ValueTask DisposeAsync()
    {
        foreach (var host in _hosts)
        {
            await host.DisposeAsync();
        }

        await _switch.DisposeAsync();
    }

    private async Task AddAsync(string name)
    {
        var host = new NetworkHost(name, _hosts.Count + 1, await NetworkNamespace.CreateAsync());
        _hosts.Add(host);
        var port = string.Create(CultureInfo.InvariantCulture, $"port{_hosts.Count}");
        await _switch.ConfigureAsync(
            $"link add {port} type veth peer name {NetworkHost.Device} netns {host.Namespace.ProcessId}",
            $"link set {port} master {SwitchName} up");
        await host.Namespace.ConfigureAsync("link set lo up", $"addr add {host.Address}/24 dev {NetworkHost.Device}", $"link set {NetworkHost.Device} up");
    }
}
