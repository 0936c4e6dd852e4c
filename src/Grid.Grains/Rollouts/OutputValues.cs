using Grid.Abstractions;
using Grid.Inference.Rows;

namespace Grid.Grains.Rollouts;

/// <summary>Takes one row's outputs out of a buffer that has run.</summary>
internal static class OutputValues
{
    public static float[] Of(RowBuffer buffer, OutputLayout layout, int row)
    {
        var lengths = layout.Lengths;
        var total = 0;
        foreach (var length in lengths)
        {
            total += length;
        }

        var values = new float[total];
        var at = 0;
        for (var output = 0; output < lengths.Length; output++)
        {
            buffer.Output(output).Slice(row * lengths[output], lengths[output]).CopyTo(values.AsSpan(at));
            at += lengths[output];
        }

        return values;
    }
}
