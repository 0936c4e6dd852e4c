using Grid.Primitives;
using Parquet;

namespace Grid.Storage.Predictions;

/// <summary>What files of training sets say of themselves.</summary>
public static class DatasetFiles
{
    /// <summary>The model that a training set is of.</summary>
    /// <param name="path">Any file.</param>
    /// <param name="cancellationToken">Gives up.</param>
    /// <returns>The model, or null where the file is no training set.</returns>
    public static async Task<ModelKey?> ModelOfAsync(string path, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        try
        {
            await using var reader = await ParquetReader.CreateAsync(file, cancellationToken: cancellationToken);
            return reader.CustomMetadata.GetValueOrDefault(DatasetFile.ModelKeyName) is { } model ? ModelKey.Parse(model) : null;
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Whatever it is: no Parquet file, and so no training set.
            return null;
        }
    }
}
