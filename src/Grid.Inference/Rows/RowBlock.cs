using System.Globalization;
using System.Numerics.Tensors;
using Grid.Primitives;

namespace Grid.Inference.Rows;

/// <summary>Memory for a number of rows: the floats that callers write, and the outputs as the model gives them. One owner at a time.</summary>
internal class RowBlock
{
    /// <summary>Where callers write. For an FP32 input it is the bound memory itself.</summary>
    private readonly PinnedBytes[] _floats;

    public RowBlock(RowLayout layout, int capacity)
    {
        Layout = layout;
        Capacity = capacity;
        _floats = [.. layout.Inputs.Select(i => new PinnedBytes(checked(i.Columns * sizeof(float) * capacity)))];
        Outputs = [.. layout.Outputs.Select(o => new PinnedBytes(checked(o.RowBytes * capacity)))];
    }

    public RowLayout Layout { get; }

    public int Capacity { get; }

    public PinnedBytes[] Outputs { get; }

    protected PinnedBytes FloatMemory(int input) => _floats[input];

    public Span<float> Floats(int input) => _floats[input].As<float>();

    public Span<float> Floats(int input, int start, int rows)
    {
        var columns = Layout.Inputs[input].Columns;
        return Floats(input).Slice(start * columns, rows * columns);
    }

    /// <summary>What nobody writes must not be another caller's value: NaN is refused by column when the run starts.</summary>
    public void Clear(int rows)
    {
        for (var i = 0; i < _floats.Length; i++)
        {
            Floats(i, 0, rows).Fill(float.NaN);
        }

        ClearFrom(rows);
    }

    /// <summary>Zeros the rows that only fill a run up, so that its result depends on its own rows.</summary>
    public void ClearFrom(int row)
    {
        for (var i = 0; i < _floats.Length; i++)
        {
            Floats(i, row, Capacity - row).Clear();
        }
    }

    public void CopyInputs(RowBlock source, int sourceStart, int start, int rows)
    {
        for (var i = 0; i < _floats.Length; i++)
        {
            source.Floats(i, sourceStart, rows).CopyTo(Floats(i, start, rows));
        }
    }

    public void CopyOutputs(RowBlock source, int sourceStart, int start, int rows)
    {
        for (var i = 0; i < Outputs.Length; i++)
        {
            var bytes = Layout.Outputs[i].RowBytes;
            source.Outputs[i].Span.Slice(sourceStart * bytes, rows * bytes).CopyTo(Outputs[i].Span[(start * bytes)..]);
        }
    }

    /// <summary>The first value that the model cannot take, or null. Nothing is allocated where there is none.</summary>
    public GridError? Check(int rows, string version)
    {
        for (var i = 0; i < _floats.Length; i++)
        {
            var input = Layout.Inputs[i];
            ReadOnlySpan<float> values = Floats(i, 0, rows);
            if (!Layout.AllowNan && !TensorPrimitives.IsFiniteAll(values))
            {
                var at = 0;
                while (float.IsFinite(values[at]))
                {
                    at++;
                }

                return Blame(values, at, input, version, "is neither a number nor a default", "Give a finite number, a default in the manifest, or set allow_nan: true where the model understands it.");
            }

            if (input.Type is TensorElementType.Int64 or TensorElementType.Int32)
            {
                // 2^31 and 2^63 are floats themselves, so that a strict comparison is exact.
                var limit = input.Type == TensorElementType.Int32 ? 2147483648f : 9223372036854775808f;
                for (var at = 0; at < values.Length; at++)
                {
                    if (!(values[at] >= -limit && values[at] < limit && MathF.Truncate(values[at]) == values[at]))
                    {
                        return Blame(values, at, input, version, $"is no whole number that fits {TensorElementTypes.NameOf(input.Type)}", "Give a whole number.");
                    }
                }
            }
        }

        return null;
    }

    /// <summary>The values of an answer as floats, written row by row.</summary>
    public void Gather(PublicOutput value, int rows, Span<float> destination)
    {
        var output = Layout.Outputs[value.Source];
        var memory = Outputs[value.Source];
        var first = Math.Max(0, value.Index);
        for (var row = 0; row < rows; row++)
        {
            for (var i = 0; i < value.Width; i++)
            {
                destination[(row * value.Width) + i] = ReadFloat(memory, output.Type, (row * output.Width) + first + i);
            }
        }
    }

    private static float ReadFloat(PinnedBytes memory, TensorElementType type, int at) => type switch
    {
        TensorElementType.FP32 => memory.As<float>()[at],
        TensorElementType.FP64 => (float)memory.As<double>()[at],
        TensorElementType.Int64 => memory.As<long>()[at],
        TensorElementType.Int32 => memory.As<int>()[at],
        TensorElementType.Int16 => memory.As<short>()[at],
        TensorElementType.Int8 => memory.As<sbyte>()[at],
        TensorElementType.UInt64 => memory.As<ulong>()[at],
        TensorElementType.UInt32 => memory.As<uint>()[at],
        TensorElementType.UInt16 => memory.As<ushort>()[at],
        TensorElementType.UInt8 or TensorElementType.Bool => memory.Span[at],
        _ => throw new InvalidOperationException($"An output of type {type} is never bound on the row path."),
    };

    private static GridError Blame(ReadOnlySpan<float> values, int at, RowInput input, string version, string what, string fix) =>
        GridError.Invalid(
            $"version '{version}' input '{input.DescribeColumn(at % input.Columns)}'",
            string.Create(CultureInfo.InvariantCulture, $"{values[at]} in row {at / input.Columns} {what}."),
            fix);
}
