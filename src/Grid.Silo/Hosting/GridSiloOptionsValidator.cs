using Microsoft.Extensions.Options;

namespace Grid.Silo.Hosting;

/// <summary>Reports every mistake of the settings at once, each with its name and the fix.</summary>
internal sealed class GridSiloOptionsValidator : IValidateOptions<GridSiloOptions>
{
    public ValidateOptionsResult Validate(string? name, GridSiloOptions options)
    {
        var errors = new List<string>();
        if (string.IsNullOrWhiteSpace(options.StateFolder))
        {
            errors.Add("Grid:StateFolder is empty. Name a folder that this process may write.");
        }

        CheckAddress(nameof(options.HttpAddress), options.HttpAddress, errors);
        if (options.AdvertisedHttpAddress is { } advertised)
        {
            CheckAddress(nameof(options.AdvertisedHttpAddress), advertised, errors);
        }

        CheckRange(nameof(options.SiloPort), options.SiloPort, 0, 65_535, errors);
        CheckRange(nameof(options.GatewayPort), options.GatewayPort, 0, 65_535, errors);
        if (options.SiloPort != 0 && options.SiloPort == options.GatewayPort)
        {
            errors.Add($"Grid:SiloPort and Grid:GatewayPort are both {options.SiloPort}. Give each its own port.");
        }

        options.Cluster.Check(errors);
        options.Balancer.Check("Grid:Balancer", errors);
        CheckFolder(nameof(options.Models), options.Models, errors);
        foreach (var path in options.Views.Where(path => !File.Exists(path) && !Directory.Exists(path)))
        {
            errors.Add($"Grid:Views names '{path}', which is no file and no folder. Correct the path or leave it out.");
        }

        foreach (var path in options.SourceFiles.Where(path => !File.Exists(path)))
        {
            errors.Add($"Grid:SourceFiles names '{path}', which is no file. Correct the path or leave it out.");
        }

        CheckRange(nameof(options.ModelMemoryBytes), options.ModelMemoryBytes, 16 << 20, long.MaxValue, errors);
        CheckRange(nameof(options.MaxBodyBytes), options.MaxBodyBytes, 1024, 1 << 30, errors);
        CheckRange(nameof(options.MaxModelBytes), options.MaxModelBytes, 1024, 64L << 30, errors);
        CheckRange(nameof(options.SnapshotLogBytes), options.SnapshotLogBytes ?? 4 << 20, 4 << 10, 1 << 30, errors);
        CheckRange(nameof(options.MaxDatasetBytes), options.MaxDatasetBytes, 1 << 20, 1L << 40, errors);
        errors.AddRange(options.PredictionLog.Check(options.StateFolder));
        errors.AddRange(options.Monitoring.Check().Select(static error => $"Grid:{error}"));
        return errors.Count == 0 ? ValidateOptionsResult.Success : ValidateOptionsResult.Fail(errors);
    }

    private static void CheckAddress(string name, string value, List<string> errors)
    {
        if (!Uri.TryCreate(value, UriKind.Absolute, out var uri) || uri.Scheme != Uri.UriSchemeHttp)
        {
            errors.Add($"Grid:{name} is '{value}', not an http address. Example: http://127.0.0.1:8000.");
        }
    }

    private static void CheckRange(string name, long value, long least, long most, List<string> errors)
    {
        if (value < least || value > most)
        {
            errors.Add($"Grid:{name} is {value}; it is {least} to {most}.");
        }
    }

    private static void CheckFolder(string name, string? folder, List<string> errors)
    {
        if (folder is not null && !Directory.Exists(folder))
        {
            errors.Add($"Grid:{name} is '{folder}', which is no folder. Create it or leave the setting out.");
        }
    }
}
