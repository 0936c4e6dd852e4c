using Grid.Primitives;
using Parquet;

namespace Grid.Storage.Predictions;

/// <summary>What files of training sets say of themselves. Thread-safe.</summary>
public static class DatasetFiles
{
    /// <summary>Every file of a training set begins with these bytes, and so do other Parquet files.</summary>
    public static ReadOnlyMemory<byte> Beginning { get; } = "PAR1"u8.ToArray();

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

    /// <summary>Whether a training set has a row of a tenant, or of one of its entities.</summary>
    /// <param name="path">A training set.</param>
    /// <param name="tenant">The tenant.</param>
    /// <param name="entity">The entity; null for any of the tenant's.</param>
    /// <param name="cancellationToken">Gives up.</param>
    public static async Task<bool> HasRowsOfAsync(string path, string tenant, string? entity, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        await using var reader = await ParquetReader.CreateAsync(file, cancellationToken: cancellationToken);
        for (var i = 0; i < reader.RowGroupCount; i++)
        {
            using var group = reader.OpenRowGroupReader(i);
            var tenants = await TextsAsync(DatasetFile.TenantColumn);
            var entities = entity is null ? [] : await TextsAsync(DatasetFile.EntityColumn);
            for (var row = 0; row < tenants.Length; row++)
            {
                if (tenants[row] == tenant && (entity is null || entities[row] == entity))
                {
                    return true;
                }
            }

            async Task<string?[]> TextsAsync(int column)
            {
                var texts = new string?[checked((int)group.RowCount)];
                await group.ReadAsync(reader.Schema.DataFields[column], texts.AsMemory(), null, cancellationToken);
                return texts;
            }
        }

        return false;
    }
}
