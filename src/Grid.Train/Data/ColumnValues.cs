using Grid.Primitives;
using Parquet;
using Parquet.Schema;

namespace Grid.Train.Data;

/// <summary>Reads columns of numbers and times, whatever type they were written in. A null is NaN.</summary>
internal static class ColumnValues
{
    public static bool IsNumber(Type type) =>
        type == typeof(float) || type == typeof(double) || type == typeof(bool) || type == typeof(int) || type == typeof(long)
        || type == typeof(short) || type == typeof(ushort) || type == typeof(byte) || type == typeof(sbyte) || type == typeof(uint) || type == typeof(ulong);

    /// <summary>The rows of one row group as doubles. Thrown away or widened, never wrapped.</summary>
    public static async ValueTask<double[]> ReadNumbersAsync(ParquetRowGroupReader group, DataField field, CancellationToken cancellationToken)
    {
        return Type.GetTypeCode(field.ClrType) switch
        {
            TypeCode.Single => await As<float>(static v => v),
            TypeCode.Double => await As<double>(static v => v),
            TypeCode.Boolean => await As<bool>(static v => v ? 1 : 0),
            TypeCode.SByte => await As<sbyte>(static v => v),
            TypeCode.Byte => await As<byte>(static v => v),
            TypeCode.Int16 => await As<short>(static v => v),
            TypeCode.UInt16 => await As<ushort>(static v => v),
            TypeCode.Int32 => await As<int>(static v => v),
            TypeCode.UInt32 => await As<uint>(static v => v),
            TypeCode.Int64 => await As<long>(static v => v),
            TypeCode.UInt64 => await As<ulong>(static v => v),
            _ => throw GridError.Invalid($"column '{field.Path}'", $"is of type {field.ClrType.Name}, not a number.", "Write it as numbers.").ToException(),
        };

        ValueTask<double[]> As<T>(Func<T, double> convert)
            where T : struct => ReadAsync(group, field, convert, double.NaN, cancellationToken);
    }

    /// <summary>The rows of one row group as Unix milliseconds: from times, or from whole numbers that are such.</summary>
    /// <exception cref="GridException">The column holds something else, or a row has no time.</exception>
    public static async ValueTask<long[]> ReadTimesAsync(ParquetRowGroupReader group, DataField field, CancellationToken cancellationToken)
    {
        var times = field.ClrType == typeof(DateTime)
            ? await ReadAsync<DateTime, long>(group, field, static t => new DateTimeOffset(t.Kind == DateTimeKind.Local ? t.ToUniversalTime() : DateTime.SpecifyKind(t, DateTimeKind.Utc)).ToUnixTimeMilliseconds(), long.MinValue, cancellationToken)
            : field.ClrType == typeof(long)
                ? await ReadAsync<long, long>(group, field, static t => t, long.MinValue, cancellationToken)
                : throw GridError.Invalid($"column '{field.Path}'", $"is of type {field.ClrType.Name}, not a time.", "Write a timestamp, or Unix milliseconds as int64.").ToException();
        return Array.IndexOf(times, long.MinValue) is >= 0 and var missing
            ? throw GridError.Invalid($"column '{field.Path}'", $"has no time in row {missing} of a row group.", "Every row needs a time, or none (--ignore it).").ToException()
            : times;
    }

    private static async ValueTask<TTo[]> ReadAsync<TFrom, TTo>(ParquetRowGroupReader group, DataField field, Func<TFrom, TTo> convert, TTo missing, CancellationToken cancellationToken)
        where TFrom : struct
    {
        var rows = checked((int)group.RowCount);
        if (!field.IsNullable)
        {
            var values = new TFrom[rows];
            await group.ReadAsync<TFrom>(field, values.AsMemory(), null, cancellationToken);
            return Array.ConvertAll(values, v => convert(v));
        }

        var optional = new TFrom?[rows];
        await group.ReadAsync<TFrom>(field, optional.AsMemory(), null, cancellationToken);
        return Array.ConvertAll(optional, v => v is { } value ? convert(value) : missing);
    }
}
