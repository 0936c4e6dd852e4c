using System.Globalization;
using System.IO.Compression;
using System.Runtime.CompilerServices;
using System.Text;
using Grid.Primitives;

namespace Grid.Monitoring.Baselines;

/// <summary>A CSV file (RFC 4180, UTF-8, a row of names first; <c>.gz</c> is unpacked). An empty field is a missing value.</summary>
public sealed class CsvRows : IRowSource
{
    private const int BlockRows = 4096;
    private const int MaximumFieldChars = 1 << 20;

    private readonly string _path;

    private CsvRows(string path, IReadOnlyList<string> columns) => (_path, Columns) = (path, columns);

    public IReadOnlyList<string> Columns { get; }

    /// <exception cref="GridException">The file is empty, or a name stands twice in its first row.</exception>
    public static CsvRows Open(string path)
    {
        using var reader = Reader(path);
        var names = new List<string>();
        if (!ReadRow(reader, names, path, 1) || names.Count == 0)
        {
            throw GridError.Invalid($"'{path}'", "is empty.", "Begin with a row of column names.").ToException();
        }

        return names.GroupBy(static n => n).FirstOrDefault(static g => g.Count() > 1) is { } twice
            ? throw GridError.Invalid($"'{path}'", $"names the column '{twice.Key}' twice.").ToException()
            : new CsvRows(path, names);
    }

    /// <inheritdoc />
    public async IAsyncEnumerable<RowBlock> ReadAsync(IReadOnlyList<RowColumn> columns, [EnumeratorCancellation] CancellationToken cancellationToken)
    {
        int[] positions = [.. columns.Select(c => Columns.ToList().IndexOf(c.Name) is var at and >= 0 ? at : throw GridError.Invalid($"column '{c.Name}'", $"is not in '{_path}'.").ToException())];
        using var reader = Reader(_path);
        var fields = new List<string>();
        ReadRow(reader, fields, _path, 1);
        long number = 1;
        var more = true;
        while (more)
        {
            cancellationToken.ThrowIfCancellationRequested();
            var values = columns.Select(static _ => new List<double>()).ToArray();
            var names = columns.Select(static c => c.Category ? new List<string>() : null).ToArray();
            while (values[0].Count < BlockRows && (more = ReadRow(reader, fields, _path, number + 1)))
            {
                number++;
                if (fields.Count != Columns.Count)
                {
                    throw GridError.Invalid($"'{_path}', row {number}", $"has {fields.Count} fields; the first row names {Columns.Count}.").ToException();
                }

                for (var c = 0; c < positions.Length; c++)
                {
                    values[c].Add(Value(fields[positions[c]], columns[c], number));
                    names[c]?.Add(fields[positions[c]]);
                }
            }

            if (values[0].Count > 0)
            {
                yield return new RowBlock(values[0].Count, [.. values.Select(static v => v.ToArray())], [.. names.Select(static n => n?.ToArray())]);
            }

            await Task.Yield();
        }
    }

    private double Value(string field, RowColumn column, long row)
    {
        if (field.Length == 0)
        {
            return double.NaN;
        }

        if (column.Category)
        {
            return CategoryCode.Of(field);
        }

        return double.TryParse(field, NumberStyles.Float, CultureInfo.InvariantCulture, out var value)
            ? value
            : throw GridError.Invalid($"'{_path}', row {row}, column '{column.Name}'", $"'{field}' is not a number.", "Name it as a category, or leave the column out.").ToException();
    }

    private static StreamReader Reader(string path)
    {
        Stream file = new FileStream(path, FileMode.Open, FileAccess.Read, FileShare.Read, 1 << 16);
        return new StreamReader(path.EndsWith(".gz", StringComparison.OrdinalIgnoreCase) ? new GZipStream(file, CompressionMode.Decompress) : file, Encoding.UTF8, true, 1 << 16);
    }

    private static bool ReadRow(StreamReader reader, List<string> fields, string path, long row)
    {
        fields.Clear();
        if (reader.Peek() < 0)
        {
            return false;
        }

        var field = new StringBuilder();
        var quoted = false;
        while (true)
        {
            var c = reader.Read();
            if (quoted)
            {
                if (c == '"' && reader.Peek() == '"')
                {
                    reader.Read();
                    field.Append('"');
                }
                else if (c == '"')
                {
                    quoted = false;
                }
                else if (c < 0)
                {
                    throw GridError.Invalid($"'{path}', row {row}", "ends inside quotes.").ToException();
                }
                else
                {
                    field.Append((char)c);
                }
            }
            else if (c == '"' && field.Length == 0)
            {
                quoted = true;
            }
            else if (c is ',' or '\n' or < 0)
            {
                fields.Add(field.ToString());
                field.Clear();
                if (c != ',')
                {
                    return true;
                }
            }
            else if (c != '\r')
            {
                field.Append((char)c);
            }

            if (field.Length > MaximumFieldChars)
            {
                throw GridError.Invalid($"'{path}', row {row}", $"has a field of more than {MaximumFieldChars} characters.").ToException();
            }
        }
    }
}
