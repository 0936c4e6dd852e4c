using System.Text;
using System.Text.Json;
using Grid.Primitives;
using Grid.Train.Boosting;
using Grid.Train.Data;
using Grid.Train.Onnx;

namespace Grid.Train.Packages;

/// <summary>
/// Writes <c>model.yaml</c>. A column whose name has a dot is the feature of a view (<c>view.feature</c>), any other is a value that the request brings:
/// the names under which the grid exports its vectors.
/// </summary>
internal static class ManifestText
{
    public static string Write(TrainingSet set, TrainingRequest request)
    {
        var yaml = new StringBuilder();
        if (request.Description is { Length: > 0 } description)
        {
            yaml.Append("description: ").Append(Quote(description)).Append('\n');
        }

        yaml.Append("inputs:\n  ").Append(TreeEnsembleWriter.Input).Append(":\n");
        foreach (var name in set.Names)
        {
            yaml.Append("    - ").Append(name.Contains('.', StringComparison.Ordinal) ? "feature: " : "request: ").Append(Quote(name)).Append('\n');
        }

        var output = TreeEnsembleWriter.OutputOf(request.Boosting.Objective);
        yaml.Append("outputs:\n  ").Append(Quote(request.OutputName ?? output)).Append(": { output: ").Append(output).Append(", index: 0 }\n");

        // What is not logged cannot be trained on again.
        yaml.Append("baseline: baseline.json\nlog_share: 1\n");
        if (set.HasMissing)
        {
            yaml.Append("allow_nan: true\n");
        }

        if (request.ManifestLines is { Length: > 0 } lines)
        {
            yaml.Append(lines.TrimEnd()).Append('\n');
        }

        return yaml.ToString();
    }

    /// <summary>Lines to add, from a file; null for none.</summary>
    /// <exception cref="GridException">The file cannot be read.</exception>
    public static async Task<string?> LinesOfAsync(string? path, CancellationToken cancellationToken)
    {
        try
        {
            return path is null ? null : await File.ReadAllTextAsync(path, cancellationToken);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            throw new GridException(GridError.Invalid($"--manifest '{path}'", $"cannot be read: {e.Message}", "Name a file with lines of YAML."), e);
        }
    }

    /// <summary>A JSON string is valid YAML, and is never taken for a number or a truth value.</summary>
    private static string Quote(string text) => JsonSerializer.Serialize(text, TrainJson.Default.String);
}
