using System.Net;

namespace Grid.Silo.Hosting.Clustering;

/// <summary>How a silo joins others, and how soon they notice that it is gone. Read from <c>GRID_CLUSTER__</c> environment variables (<c>GRID_CLUSTER__ADDRESS</c>).</summary>
internal sealed class SiloClusterOptions
{
    /// <summary>Silos with the same id and the same database are one cluster. 1 to 100 of letters, digits and <c>-_.</c>. Default <c>grid</c>.</summary>
    public string Id { get; set; } = "grid";

    /// <summary>The identity of the service over all its clusters; keep it for ever. Same form as <see cref="Id"/>. Default <c>grid</c>.</summary>
    public string ServiceId { get; set; } = "grid";

    /// <summary>What this silo is called, in <c>grid cluster</c> and in the logs. Same form as <see cref="Id"/>. Default: the machine's name and the silo's port.</summary>
    public string? Name { get; set; }

    /// <summary>The IP address that the other silos reach this one at. Default 127.0.0.1: all silos are on one machine. Another address is listened to on all of the machine's own.</summary>
    public string Address { get; set; } = "127.0.0.1";

    /// <summary>
    /// How long a silo waits for another's sign of life; the wait adapts between half and three times this. 250 ms to 1 minute, default 1 s: a killed silo is then noticed in
    /// 1.5 to 3 s, a frozen one in about 10 s. Under half a second a long collection of garbage or a machine without a free core looks like death.
    /// </summary>
    public TimeSpan ProbeTimeout { get; set; } = TimeSpan.FromSeconds(1);

    /// <summary>Signs of life that may be missing in a row before a silo votes that another is dead. 2 to 20, default 3.</summary>
    public int MissedProbes { get; set; } = 3;

    /// <summary>Votes that declare a silo dead; with two silos one is enough. 1 to 10, default 2.</summary>
    public int Votes { get; set; } = 2;

    internal IPAddress AddressOrThrow() => IPAddress.Parse(Address);

    /// <summary>Adds every mistake, each with its name and the fix.</summary>
    internal void Check(List<string> errors)
    {
        CheckId(nameof(Id), Id, errors);
        CheckId(nameof(ServiceId), ServiceId, errors);
        if (Name is not null)
        {
            CheckId(nameof(Name), Name, errors);
        }

        if (!IPAddress.TryParse(Address, out var address) || address.Equals(IPAddress.Any) || address.Equals(IPAddress.IPv6Any))
        {
            errors.Add($"Grid:Cluster:Address is '{Address}', no IP address that others can reach. Example: 10.0.0.7.");
        }

        if (ProbeTimeout < TimeSpan.FromMilliseconds(250) || ProbeTimeout > TimeSpan.FromMinutes(1))
        {
            errors.Add($"Grid:Cluster:ProbeTimeout is {ProbeTimeout}; it is 00:00:00.250 to 00:01:00.");
        }

        if (MissedProbes is < 2 or > 20)
        {
            errors.Add($"Grid:Cluster:MissedProbes is {MissedProbes}; it is 2 to 20.");
        }

        if (Votes is < 1 or > 10)
        {
            errors.Add($"Grid:Cluster:Votes is {Votes}; it is 1 to 10.");
        }
    }

    private static void CheckId(string name, string value, List<string> errors)
    {
        if (value is not { Length: >= 1 and <= 100 } || value.Any(static c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
        {
            errors.Add($"Grid:Cluster:{name} is '{value}'; use 1 to 100 letters, digits and '-', '_', '.'.");
        }
    }
}
