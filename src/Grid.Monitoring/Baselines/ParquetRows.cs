using System.Globalization;
using System.Runtime.CompilerServices;
using Grid.Primitives;
using Parquet;
using Parquet.Schema;

namespace Grid.Monitoring.Baselines;

/// <summary>A Parquet file of flat columns: numbers, truth values and texts. One block a row group.</summary>
public sealed class ParquetRows : IRowSource
{
    private readonly string _path;

    private ParquetRows(string path, IReadOnlyList<string> columns) => (_path, Columns) = (path, columns);

    public IReadOnlyList<string> Columns { get; }

    /// <exception cref="GridException">The file is not Parquet.</exception>
    public static async Task<ParquetRows> OpenAsync(string path, CancellationToken cancellationToken)
    {
        await using var reader = await ReaderAsync(path, cancellationToken);
        return new ParquetRows(path, [.. reader.Schema.DataFields.Select(static f => f.Name)]);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<RowBlock> ReadAsync(IReadOnlyList<RowColumn> columns, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using var reader = await ReaderAsync(_path, cancellationToken);
        DataField[] fields =
        [
            .. columns.Select(c => reader.Schema.DataFields.FirstOrDefault(f => f.Name == c.Name) ?? throw GridError.Invalid($"column '{c.Name}'", $"is not in '{_path}'.").ToException()),
        ];
        for (var g = 0; g < reader.RowGroupCount; g++)
        {
            using var group = reader.OpenRowGroupReader(g);
            var rows = (int)group.RowCount;
            var values = new double[columns.Count][];
            var names = new string[]?[columns.Count];
            for (var c = 0; c < columns.Count; c++)
            {
                (values[c], names[c]) = await ColumnAsync(group, fields[c], columns[c], rows, cancellationToken);
            }

            yield return new RowBlock(rows, values, names);
        }
    }

    private async Task<(double[] Values, string[]? Names)> ColumnAsync(ParquetRowGroupReader group, DataField field, RowColumn column, int rows, CancellationToken cancellationToken)
    {
        if (field.ClrType == typeof(string) || field.ClrType == typeof(ReadOnlyMemory<char>))
        {
            var texts = new string?[rows];
            await group.ReadAsync(field, texts.AsMemory()!, null, cancellationToken);
            string[] names = [.. texts.Select(static t => t ?? "")];
            return column.Category
                ? ([.. names.Select(static t => t.Length == 0 ? double.NaN : CategoryCode.Of(t))], names)
                : throw GridError.Invalid($"'{_path}', column '{column.Name}'", "holds texts, not numbers.", "Name it as a category, or leave the column out.").ToException();
        }

        var values = field.ClrType switch
        {
            var t when t == typeof(double) => await NumbersAsync<double>(group, field, rows, cancellationToken),
            var t when t == typeof(float) => await NumbersAsync<float>(group, field, rows, cancellationToken),
            var t when t == typeof(long) => await NumbersAsync<long>(group, field, rows, cancellationToken),
            var t when t == typeof(int) => await NumbersAsync<int>(group, field, rows, cancellationToken),
            var t when t == typeof(short) => await NumbersAsync<short>(group, field, rows, cancellationToken),
            var t when t == typeof(byte) => await NumbersAsync<byte>(group, field, rows, cancellationToken),
            var t when t == typeof(bool) => await NumbersAsync<bool>(group, field, rows, cancellationToken),
            _ => throw GridError.Invalid($"'{_path}', column '{column.Name}'", $"is of type {field.ClrType.Name}.", "Use numbers, truth values or texts, or leave the column out.").ToException(),
        };
        return (values, column.Category ? [.. values.Select(static v => double.IsNaN(v) ? "" : v.ToString("R", CultureInfo.InvariantCulture))] : null);
    }

    private static async Task<double[]> NumbersAsync<T>(ParquetRowGroupReader group, DataField field, int rows, CancellationToken cancellationToken)
        where T : struct
    {
        if (field.IsNullable)
        {
            var values = new T?[rows];
            await group.ReadAsync(field, values.AsMemory(), null, cancellationToken);
            return [.. values.Select(static v => v is { } known ? Convert.ToDouble(known, CultureInfo.InvariantCulture) : double.NaN)];
        }
        else
        {
            var values = new T[rows];
            await group.ReadAsync(field, values.AsMemory(), null, cancellationToken);
            return [.. values.Select(static v => Convert.ToDouble(v, CultureInfo.InvariantCulture))];
        }
    }

    private static async Task<ParquetReader> ReaderAsync(string path, CancellationToken cancellationToken)
    {
        try
        {
            return await ParquetReader.CreateAsync(path, null, cancellationToken);
        }
        catch (Exception e) when (e is IOException or InvalidDataException or ParquetException)
        {
            throw new GridException(GridError.Invalid($"'{path}'", $"cannot be read as Parquet: {e.Message}"), e);
        }
    }
}
