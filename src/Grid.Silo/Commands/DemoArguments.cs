namespace Grid.Silo.Commands;

/// <summary>What <c>grid demo</c> is asked for.</summary>
internal sealed record DemoArguments
{
    /// <summary>Folder that the demo keeps everything in.</summary>
    public string State { get; init; } = ".grid/demo";

    /// <summary>Base address of the HTTP doors.</summary>
    public string Address { get; init; } = GridCommands.DefaultServer;

    /// <summary>Stay up when done.</summary>
    public bool Serve { get; init; }

    /// <summary>Start anew: the state folder is emptied.</summary>
    public bool Reset { get; init; }

    /// <summary>First day to stream; null for the first there is.</summary>
    public DateOnly? From { get; init; }

    /// <summary>Last day to stream; null for the last there is.</summary>
    public DateOnly? To { get; init; }

    /// <summary>Tenants to stream; empty for all.</summary>
    public IReadOnlyList<string> Tenants { get; init; } = [];

    /// <summary>Print for machines.</summary>
    public bool Json { get; init; }
}
