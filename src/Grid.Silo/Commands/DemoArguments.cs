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

    /// <summary>Show the loop instead: five months, drift, a training, a promotion, a rejection. Always starts anew.</summary>
    public bool Drift { get; init; }

    /// <summary>Start anew: the state folder is emptied.</summary>
    public bool Reset { get; init; }
}
