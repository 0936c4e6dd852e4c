using Grid.Abstractions;
using Grid.Client;
using Grid.Primitives;

namespace Grid.Silo.Oip;

/// <summary>Finds the version that a protocol path means, with the wording that clients match on.</summary>
internal static class OipModels
{
    /// <exception cref="GridException">The model or version does not exist, or no version is live.</exception>
    public static async ValueTask<(ModelInfo Model, VersionInfo Version)> FindAsync(IGridClient client, string model, string? version, CancellationToken cancellationToken)
    {
        if (!GridNames.IsValid(model))
        {
            throw Unknown(model).ToException();
        }

        if (version is not null && !GridNames.IsValid(version))
        {
            throw UnknownVersion(model, version).ToException();
        }

        ModelInfo info;
        try
        {
            info = await client.Models.GetAsync(model, cancellationToken);
        }
        catch (GridException e) when (e.Code == GridErrorCode.NotFound)
        {
            throw new GridException(Unknown(model), e);
        }

        var wanted = version ?? info.Live ?? throw NoVersion(model).ToException();
        try
        {
            return (info, await client.Models.GetVersionAsync(model, wanted, cancellationToken));
        }
        catch (GridException e) when (e.Code == GridErrorCode.NotFound)
        {
            throw new GridException(UnknownVersion(model, wanted), e);
        }
    }

    /// <summary>True where some process has the version loaded.</summary>
    public static bool IsReady(VersionInfo version) =>
        version.State != VersionState.Retired && version.Replicas.Any(static r => string.Equals(r.State, "Ready", StringComparison.OrdinalIgnoreCase));

    public static GridError NotReady(string model, string version) =>
        GridError.Unavailable($"model '{model}'", $"Request for unknown model: '{model}' version {version} is not at ready state", null, 1000);

    private static GridError Unknown(string model) => GridError.NotFound($"model '{model}'", $"Request for unknown model: '{model}' is not found");

    private static GridError UnknownVersion(string model, string version) =>
        GridError.NotFound($"model '{model}'", $"Request for unknown model: '{model}' version {version} is not found");

    private static GridError NoVersion(string model) =>
        GridError.NotFound($"model '{model}'", $"Request for unknown model: '{model}' has no available versions");
}
