using Parquet;
using Parquet.Schema;

namespace Grid.Train.Tests.Support;

/// <summary>Writes small Parquet files column by column.</summary>
internal sealed class ParquetTable
{
    private readonly List<(DataField Field, Func<ParquetRowGroupWriter, DataField, Range, Task> Write)> _columns = [];
    private readonly Dictionary<string, string> _metadata = [];

    public ParquetTable Floats(string name, float[] values) => Add(new DataField<float>(name), (g, f, r) => g.WriteAsync<float>(f, values.AsMemory(r)));

    public ParquetTable Optional(string name, double?[] values) => Add(new DataField<double?>(name), (g, f, r) => g.WriteAsync<double>(f, values.AsMemory(r)));

    public ParquetTable Times(string name, long[] unixMs) => Add(new DataField<long>(name), (g, f, r) => g.WriteAsync<long>(f, unixMs.AsMemory(r)));

    public ParquetTable Dates(string name, DateTime[] values) => Add(new DataField<DateTime>(name), (g, f, r) => g.WriteAsync<DateTime>(f, values.AsMemory(r)));

    public ParquetTable Numbers(string name, int[] values) => Add(new DataField<int>(name), (g, f, r) => g.WriteAsync<int>(f, values.AsMemory(r)));

    public ParquetTable Texts(string name, string[] values) => Add(new DataField<string>(name), (g, f, r) => g.WriteAsync(f, values[r]));

    public ParquetTable Metadata(string key, string value)
    {
        _metadata[key] = value;
        return this;
    }

    /// <param name="path">The file.</param>
    /// <param name="groups">Row groups, by their rows.</param>
    public async Task WriteAsync(string path, params Range[] groups)
    {
        await using var file = File.Create(path);
        await using var writer = await ParquetWriter.CreateAsync(new ParquetSchema(_columns.Select(static c => (Field)c.Field)), file);
        writer.CustomMetadata = _metadata;
        foreach (var rows in groups.Length == 0 ? [Range.All] : groups)
        {
            using var group = writer.CreateRowGroup();
            foreach (var (field, write) in _columns)
            {
                await write(group, field, rows);
            }
        }
    }

    private ParquetTable Add(DataField field, Func<ParquetRowGroupWriter, DataField, Range, Task> write)
    {
        _columns.Add((field, write));
        return this;
    }
}
