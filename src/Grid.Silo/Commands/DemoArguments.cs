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
}
