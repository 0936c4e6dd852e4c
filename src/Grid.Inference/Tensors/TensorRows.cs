using Grid.Inference.Hosting;
using Grid.Inference.Rows;
using Grid.Primitives;

namespace Grid.Inference.Tensors;

/// <summary>A request by tensors seen as rows: the vectors that rows of the same version would have had, and the values that they would have answered. Immutable.</summary>
/// <param name="Vectors">All inputs of a row, one after the other in the order of the signature.</param>
/// <param name="Values">All values of a row's answer, one after the other in the order of the manifest.</param>
internal sealed record TensorRows(float[][] Vectors, float[][] Values)
{
    /// <summary>Names of the vector's columns: the manifest's, or the input's with a number behind it.</summary>
    public static string[] ColumnsOf(in Replica replica) => replica.RowLayout is { } layout ? [.. layout.Inputs.SelectMany(NamesOf)] : [];

    /// <summary>Floats of each of <see cref="Replica.OutputNames"/>.</summary>
    public static int[] WidthsOf(in Replica replica) => replica.RowLayout is { } layout ? [.. layout.Values.Select(static value => value.Width)] : [];

    /// <summary>Null where they are no rows, where the answer lacks a value, or where an input is no number that a float can hold: rows could not answer the same.</summary>
    public static TensorRows? Of(in Replica replica, IReadOnlyList<Tensor> inputs, IReadOnlyList<Tensor> outputs)
    {
        if (replica.RowLayout is not { } layout || inputs[0].Shape is not [> 0 and <= int.MaxValue and var first, ..])
        {
            return null;
        }

        var rows = (int)first;
        var vectors = Make(rows, layout.Inputs.Sum(static input => input.Columns));
        var at = 0;
        foreach (var input in layout.Inputs)
        {
            if (Find(inputs, input.Name) is not { } tensor || !TryCopy(tensor, rows, input.Columns, 0, input.Columns, vectors, at, mustBeExact: true))
            {
                return null;
            }

            at += input.Columns;
        }

        var values = Make(rows, layout.Values.Sum(static value => value.Width));
        at = 0;
        foreach (var value in layout.Values)
        {
            var source = layout.Outputs[value.Source];
            if (Find(outputs, source.Name) is not { } tensor || !TryCopy(tensor, rows, source.Width, Math.Max(value.Index, 0), value.Width, values, at, mustBeExact: false))
            {
                return null;
            }

            at += value.Width;
        }

        return new TensorRows(vectors, values);
    }

    private static IEnumerable<string> NamesOf(RowInput input) =>
        input.ColumnNames.Length > 0 ? input.ColumnNames
        : input.Columns == 1 ? [input.Name]
        : Enumerable.Range(0, input.Columns).Select(column => $"{input.Name}.{column}");

    private static float[][] Make(int rows, int width)
    {
        var made = new float[rows][];
        for (var row = 0; row < rows; row++)
        {
            made[row] = new float[width];
        }

        return made;
    }

    private static Tensor? Find(IReadOnlyList<Tensor> tensors, string name)
    {
        foreach (var tensor in tensors)
        {
            if (tensor.Name == name)
            {
                return tensor;
            }
        }

        return null;
    }

    /// <summary>Copies elements [from, from + count) of each row of a tensor into the rows, at a place.</summary>
    private static bool TryCopy(Tensor tensor, int rows, int width, int from, int count, float[][] target, int at, bool mustBeExact) => tensor.ElementType switch
    {
        _ when tensor.Shape.Length == 0 || tensor.Shape[0] != rows => false,
        TensorElementType.FP32 => TryCopy(tensor.AsSpan<float>(), rows, width, from, count, target, at, mustBeExact, static v => v, static (_, _) => true),
        TensorElementType.FP64 => TryCopy(tensor.AsSpan<double>(), rows, width, from, count, target, at, mustBeExact, static v => (float)v, static (v, f) => f == v || double.IsNaN(v)),
        TensorElementType.Int64 => TryCopy(tensor.AsSpan<long>(), rows, width, from, count, target, at, mustBeExact, static v => v, static (v, f) => (Int128)f == v),
        TensorElementType.Int32 => TryCopy(tensor.AsSpan<int>(), rows, width, from, count, target, at, mustBeExact, static v => v, static (v, f) => f == (double)v),
        TensorElementType.Bool => TryCopy(tensor.AsSpan<byte>(), rows, width, from, count, target, at, mustBeExact, static v => v, static (_, _) => true),
        _ => false,
    };

    private static bool TryCopy<T>(ReadOnlySpan<T> source, int rows, int width, int from, int count, float[][] target, int at, bool mustBeExact, Func<T, float> convert, Func<T, float, bool> isExact)
    {
        if (source.Length != (long)rows * width)
        {
            return false;
        }

        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < count; i++)
            {
                var number = source[(row * width) + from + i];
                var value = convert(number);
                if (mustBeExact && !isExact(number, value))
                {
                    return false;
                }

                target[row][at + i] = value;
            }
        }

        return true;
    }
}
