using System.Text.Json;
using Grid.Abstractions;
using Grid.Grains.Catalogue;
using Grid.Inference.Repository;
using Grid.Primitives;

namespace Grid.Grains.Models;

/// <summary>Reads <c>lineage.json</c> of a version's folder.</summary>
internal static class LineageFile
{
    public const string Name = "lineage.json";

    /// <summary>Every silo holds it in its catalogue.</summary>
    private const int MaxBytes = 16 << 10;

    /// <returns>Null where the folder has none.</returns>
    /// <exception cref="GridException">It is too long, is not JSON, or has members that a lineage does not have.</exception>
    public static async Task<Lineage?> ReadAsync(ModelPackage package, CancellationToken cancellationToken)
    {
        if (package.Files.FirstOrDefault(static file => file.Name == Name) is not { } file)
        {
            return null;
        }

        if (file.Bytes > MaxBytes)
        {
            throw new GridError(GridErrorCode.TooLarge, $"file '{Name}'", $"has {file.Bytes} bytes; the limit is {MaxBytes}.", "Keep long texts in card.md.").ToException();
        }

        try
        {
            var lineage = JsonSerializer.Deserialize(await File.ReadAllBytesAsync(Path.Combine(package.Folder, Name), cancellationToken), CatalogueJson.Default.Lineage);
            return lineage is null || lineage.Metrics is null || lineage.Metrics.Values.All(double.IsFinite)
                ? lineage
                : throw GridError.Invalid($"file '{Name}'", "has a metric that is not finite.", "Leave it out.").ToException();
        }
        catch (JsonException e)
        {
            throw new GridException(GridError.Invalid($"file '{Name}'", $"is no lineage: {e.Message}", "Known are: parent, signal, data_set, code, metrics."), e);
        }
    }
}
