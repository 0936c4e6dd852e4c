namespace Grid.Silo.Commands;

/// <summary>What <c>grid serve</c> is asked for; null where nothing was said, so that the environment or the default decides.</summary>
internal sealed record ServeArguments
{
    /// <summary>Folder that the grid keeps everything in.</summary>
    public string? State { get; init; }

    /// <summary>Base address of the HTTP doors.</summary>
    public string? HttpAddress { get; init; }

    /// <summary>Model repository to register at the start: <c>&lt;model&gt;/&lt;version&gt;/model.onnx</c>.</summary>
    public string? Models { get; init; }

    /// <summary>Files or folders of feature views to apply at the start.</summary>
    public IReadOnlyList<string> Views { get; init; } = [];

    /// <summary>Files that each describe a topic that features are fed from.</summary>
    public IReadOnlyList<string> Sources { get; init; } = [];

    /// <summary>Create a tenant on first use.</summary>
    public bool? AutoCreateTenants { get; init; }

    /// <summary>Port that silos talk to each other on; 0 for any free one.</summary>
    public int? SiloPort { get; init; }

    /// <summary>Port of the inside door for trusted hosts; 0 for any free one.</summary>
    public int? GatewayPort { get; init; }
}
