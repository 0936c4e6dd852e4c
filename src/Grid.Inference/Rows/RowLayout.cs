using Grid.Inference.Manifests;
using Grid.Inference.Signatures;
using Grid.Primitives;

namespace Grid.Inference.Rows;

/// <summary>How rows of floats lie in a model's inputs and outputs, and the sizes of batch that are bound ahead. Immutable.</summary>
internal sealed class RowLayout
{
    private RowLayout(RowInput[] inputs, RowOutput[] outputs, PublicOutput[] values, int[] buckets, bool allowNan)
    {
        Inputs = inputs;
        Outputs = outputs;
        Values = values;
        Buckets = buckets;
        AllowNan = allowNan;
    }

    public RowInput[] Inputs { get; }

    public RowOutput[] Outputs { get; }

    public PublicOutput[] Values { get; }

    /// <summary>Rows of a bound run, ascending; the last is the most rows of one run.</summary>
    public int[] Buckets { get; }

    public bool AllowNan { get; }

    public int MaxBatch => Buckets[^1];

    /// <summary>Position of the smallest bucket that holds that many rows, at most <see cref="MaxBatch"/>.</summary>
    public int BucketFor(int rows)
    {
        var i = 0;
        while (Buckets[i] < rows)
        {
            i++;
        }

        return i;
    }

    /// <summary>1, 4, 16, 64 and so on below the most rows, then that itself: few shapes, so that plans and memory stay few.</summary>
    public static int[] BucketsUpTo(int maxBatch)
    {
        var buckets = new List<int>();
        for (long b = 1; b < maxBatch; b *= 4)
        {
            buckets.Add((int)b);
        }

        buckets.Add(maxBatch);
        return [.. buckets];
    }

    /// <summary>
    /// The inputs as rows, or null where they are none: every input must be FP32, FP64, INT64 or INT32 with a leading batch dimension,
    /// all of the same size, and nothing else dynamic (a manifest's columns settle a dynamic last dimension).
    /// </summary>
    public static (RowInput[] Inputs, int FixedBatch)? InputsOf(ModelSignature signature, ModelManifest? manifest)
    {
        var inputs = new List<RowInput>();
        var batches = new HashSet<string>(StringComparer.Ordinal);
        foreach (var spec in signature.Inputs)
        {
            if (!spec.RankKnown || spec.Rank == 0
                || spec.ElementType is not (TensorElementType.FP32 or TensorElementType.FP64 or TensorElementType.Int64 or TensorElementType.Int32))
            {
                return null;
            }

            var columns = manifest?.Inputs.FirstOrDefault(i => i.Name == spec.Name);
            var tail = spec.Dimensions[1..].ToArray();
            if (tail is [-1] && columns is not null)
            {
                tail[0] = columns.Columns.Length;
            }

            var width = 1L;
            foreach (var dimension in tail)
            {
                // A row over 2^24 elements is no feature vector, and its batches would not fit an array.
                if (dimension < 0 || (dimension > 0 && width > (1 << 24) / dimension))
                {
                    return null;
                }

                width *= dimension;
            }

            batches.Add(spec.Dimensions[0] >= 0 ? $"={spec.Dimensions[0]}" : spec.Symbols[0] ?? "");
            inputs.Add(new RowInput(spec.Name, spec.ElementType, (int)width, tail, columns is null ? [] : [.. columns.Columns.Select(c => c.ToString())]));
        }

        var isFixed = signature.Inputs.Any(i => i.Dimensions[0] >= 0);
        if (inputs.Count == 0 || batches.Count != 1 || (isFixed && signature.Inputs[0].Dimensions[0] is < 1 or > 4096))
        {
            return null;
        }

        return ([.. inputs], isFixed ? (int)signature.Inputs[0].Dimensions[0] : 0);
    }

    /// <summary>The outputs that rows are read from: those that the manifest names, or all that are numeric.</summary>
    public static TensorSpec[] OutputsOf(ModelSignature signature, ModelManifest? manifest)
    {
        var named = manifest is { Outputs.IsEmpty: false } ? manifest.Outputs.Select(o => o.Output).ToHashSet(StringComparer.Ordinal) : null;
        return [.. signature.Outputs.Where(o => o.ElementType is not (TensorElementType.Bytes or TensorElementType.FP16 or TensorElementType.BF16) && named?.Contains(o.Name) != false)];
    }

    public static RowLayout Create(RowInput[] inputs, RowOutput[] outputs, int[] buckets, ModelManifest? manifest)
    {
        var values = manifest is { Outputs.IsEmpty: false }
            ? manifest.Outputs.Select(o =>
            {
                var source = Array.FindIndex(outputs, b => b.Name == o.Output);
                return new PublicOutput(o.Name, source, o.Index ?? -1, o.Index is null ? outputs[source].Width : 1);
            })
            : outputs.Select((o, i) => new PublicOutput(o.Name, i, -1, o.Width));
        return new RowLayout(inputs, outputs, [.. values], buckets, manifest?.AllowNan ?? false);
    }
}
