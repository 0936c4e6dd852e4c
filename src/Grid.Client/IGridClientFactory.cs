namespace Grid.Client;

/// <summary>Gives the client of a workspace. Thread-safe; the same workspace gives the same client.</summary>
public interface IGridClientFactory
{
    /// <exception cref="Primitives.GridException">The workspace is not a valid name.</exception>
    IGridClient ForWorkspace(string workspace);
}
