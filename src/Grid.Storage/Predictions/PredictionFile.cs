using System.Globalization;
using System.Text.Json;
using Grid.Primitives;
using Parquet;
using Parquet.Schema;

namespace Grid.Storage.Predictions;

/// <summary>
/// The Parquet form of predictions. Columns <c>id entity time at revision latency_us trace_id</c>, then <c>in.&lt;feature&gt;</c> and <c>out.&lt;output&gt;</c>
/// as floats; times are Unix milliseconds. What all rows share is in the file's own metadata.
/// </summary>
internal static class PredictionFile
{
    private const string Format = "1";
    private const string FormatKey = "grid.format";
    private const string VersionKeyName = "grid.version";
    private const string TenantKey = "grid.tenant";
    private const string DigestKey = "grid.digest";
    private const string ViewsKey = "grid.views";
    private const string FeaturesKey = "grid.features";
    private const string OutputsKey = "grid.outputs";
    private const string RuntimeKey = "grid.runtime";

    private static readonly DataField[] Fixed =
    [
        new DataField<string>("id", nullable: false), new DataField<string>("entity", nullable: false), new DataField<long>("time"), new DataField<long>("at"),
        new DataField<long>("revision"), new DataField<int>("latency_us"), new DataField<string>("trace_id", nullable: false),
    ];

    /// <summary>Writes a whole file.</summary>
    public static async Task WriteAsync(Stream stream, PredictionTable table, CancellationToken cancellationToken)
    {
        DataField[] features = [.. table.Layout.Features.Select(static n => new DataField<float>("in." + n))];
        DataField[] outputs = [.. table.Layout.Outputs.Select(static n => new DataField<float>("out." + n))];
        var schema = new ParquetSchema(Fixed.Concat(features).Concat(outputs));
        await using var writer = await ParquetWriter.CreateAsync(schema, stream, FloatsAsTheyAre(), cancellationToken: cancellationToken);
        writer.CustomMetadata = new Dictionary<string, string>
        {
            [FormatKey] = Format,
            [VersionKeyName] = table.Layout.Version.ToString(),
            [TenantKey] = table.Tenant,
            [DigestKey] = table.Layout.Digest,
            [ViewsKey] = table.Layout.Views,
            [FeaturesKey] = JsonSerializer.Serialize(table.Layout.Features, PredictionJson.Default.StringArray),
            [OutputsKey] = JsonSerializer.Serialize(table.Layout.Outputs, PredictionJson.Default.StringArray),
            [RuntimeKey] = table.Layout.Runtime,
        };
        using var group = writer.CreateRowGroup();
        await group.WriteAsync(Fixed[0], table.Ids);
        await group.WriteAsync(Fixed[1], table.Entities);
        await group.WriteAsync<long>(Fixed[2], table.TimesMs, cancellationToken: cancellationToken);
        await group.WriteAsync<long>(Fixed[3], table.AtMs, cancellationToken: cancellationToken);
        await group.WriteAsync<long>(Fixed[4], table.Revisions, cancellationToken: cancellationToken);
        await group.WriteAsync<int>(Fixed[5], table.LatenciesUs, cancellationToken: cancellationToken);
        await group.WriteAsync(Fixed[6], table.TraceIds);
        for (var i = 0; i < features.Length; i++)
        {
            await group.WriteAsync<float>(features[i], table.Features[i], cancellationToken: cancellationToken);
        }

        for (var i = 0; i < outputs.Length; i++)
        {
            await group.WriteAsync<float>(outputs[i], table.Outputs[i], cancellationToken: cancellationToken);
        }
    }

    /// <exception cref="GridException">Corrupt: the file is not one of these.</exception>
    public static Task<PredictionTable> ReadAsync(string path, CancellationToken cancellationToken) =>
        ReadAsync(
            path,
            async reader =>
            {
                var metadata = reader.CustomMetadata;
                var layout = new PredictionLayout(
                    VersionKey.Parse(metadata[VersionKeyName]),
                    metadata[DigestKey],
                    metadata[ViewsKey],
                    JsonSerializer.Deserialize(metadata[FeaturesKey], PredictionJson.Default.StringArray)!,
                    JsonSerializer.Deserialize(metadata[OutputsKey], PredictionJson.Default.StringArray)!,
                    metadata[RuntimeKey]);
                var fields = reader.Schema.DataFields;
                using var group = reader.OpenRowGroupReader(0);
                var rows = checked((int)group.RowCount);
                var at = Fixed.Length;
                return new PredictionTable
                {
                    Layout = layout,
                    Tenant = metadata[TenantKey],
                    Ids = await TextsAsync(reader, group, 0, cancellationToken),
                    Entities = await TextsAsync(reader, group, 1, cancellationToken),
                    TimesMs = await NumbersAsync<long>(2),
                    AtMs = await NumbersAsync<long>(3),
                    Revisions = await NumbersAsync<long>(4),
                    LatenciesUs = await NumbersAsync<int>(5),
                    TraceIds = await TextsAsync(reader, group, 6, cancellationToken),
                    Features = await FloatsAsync(layout.Features.Length),
                    Outputs = await FloatsAsync(layout.Outputs.Length),
                };

                async Task<T[]> NumbersAsync<T>(int field)
                    where T : struct
                {
                    var numbers = new T[rows];
                    await group.ReadAsync<T>(fields[field], numbers.AsMemory(), null, cancellationToken);
                    return numbers;
                }

                async Task<float[][]> FloatsAsync(int count)
                {
                    var columns = new float[count][];
                    for (var i = 0; i < count; i++)
                    {
                        columns[i] = await NumbersAsync<float>(at++);
                    }

                    return columns;
                }
            },
            cancellationToken);

    /// <summary>The ids alone, in the order of the rows.</summary>
    /// <exception cref="GridException">Corrupt: the file is not one of these.</exception>
    public static Task<string[]> ReadIdsAsync(string path, CancellationToken cancellationToken) =>
        ReadAsync(
            path,
            async reader =>
            {
                using var group = reader.OpenRowGroupReader(0);
                return await TextsAsync(reader, group, 0, cancellationToken);
            },
            cancellationToken);

    private static async Task<T> ReadAsync<T>(string path, Func<ParquetReader, Task<T>> read, CancellationToken cancellationToken)
    {
        await using var file = File.OpenRead(path);
        try
        {
            await using var reader = await ParquetReader.CreateAsync(file, cancellationToken: cancellationToken);
            return reader.CustomMetadata.GetValueOrDefault(FormatKey) is not Format and var format
                ? throw new GridError(GridErrorCode.Corrupt, $"file '{path}'", $"has format '{format}'; this build reads {Format}.", "Read it with the build that wrote it.").ToException()
                : await read(reader);
        }
        catch (Exception failure) when (failure is not (GridException or OperationCanceledException))
        {
            throw new GridException(
                new GridError(GridErrorCode.Corrupt, $"file '{path}'", string.Create(CultureInfo.InvariantCulture, $"is no file of predictions: {failure.Message}"), "Delete it, or restore it from a copy."),
                failure);
        }
    }

    private static async Task<string[]> TextsAsync(ParquetReader reader, ParquetRowGroupReader group, int field, CancellationToken cancellationToken)
    {
        var texts = new string?[checked((int)group.RowCount)];
        await group.ReadAsync(reader.Schema.DataFields[field], texts.AsMemory(), null, cancellationToken);
        return Array.ConvertAll(texts, static t => t ?? "");
    }

    /// <summary>A dictionary of floats would take -0 for 0; text is where a dictionary pays.</summary>
    private static ParquetOptions FloatsAsTheyAre() => new() { CompressionMethod = CompressionMethod.Snappy };
}
