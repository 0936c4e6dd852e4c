using System.Diagnostics;
using Grid.Inference.Manifests;
using Grid.Inference.Signatures;
using Grid.Primitives;
using Microsoft.ML.OnnxRuntime;

namespace Grid.Inference.Rows;

/// <summary>Finds out by running a fresh session whether rows of floats can be asked of it, what its outputs look like, and what each size of batch costs.</summary>
internal static class RowProbe
{
    /// <summary>A median over this many runs is steady; with varied rows, because a tree on one constant row looks three times cheaper than it is.</summary>
    private const int Samples = 33;

    private const int VariedSets = 16;

    /// <summary>Most time spent measuring one size of batch; a slow model needs no exact figure.</summary>
    private static readonly TimeSpan Budget = TimeSpan.FromMilliseconds(20);

    /// <summary>The layout, or null where the model cannot be asked by rows.</summary>
    /// <exception cref="OnnxRuntimeException">The model fails on zeros.</exception>
    public static RowLayout? Layout(InferenceSession session, RunOptions runOptions, ModelSignature signature, ModelManifest? manifest)
    {
        if (RowLayout.InputsOf(signature, manifest) is not var (inputs, fixedBatch) || RowLayout.OutputsOf(signature, manifest) is not { Length: > 0 } specs)
        {
            return null;
        }

        int[] buckets = fixedBatch > 0 ? [fixedBatch] : RowLayout.BucketsUpTo(manifest?.Limits.MaxBatch ?? new ManifestLimits().MaxBatch);
        RowOutput[]? outputs = null;
        // Two sizes show whether an output's first dimension is the batch, whatever the file declares.
        foreach (var rows in (int[])[buckets[0], buckets[^1]])
        {
            var seen = OutputsAt(session, runOptions, inputs, specs, rows);
            if (seen is null || (outputs is not null && !outputs.Zip(seen).All(p => p.First.Tail.AsSpan().SequenceEqual(p.Second.Tail))))
            {
                return null;
            }

            outputs = seen;
        }

        return RowLayout.Create(inputs, outputs!, buckets, manifest);
    }

    /// <summary>Runs every size of batch with zeros, then measures it with varied rows; nanoseconds by bucket.</summary>
    public static double[] Measure(InferenceSession session, RunOptions runOptions, RowLayout layout)
    {
        var costs = new double[layout.Buckets.Length];
        for (var i = 0; i < costs.Length; i++)
        {
            using var batch = new BoundBatch(session, runOptions, layout, layout.Buckets[i]);
            batch.Run();
            costs[i] = Measure(batch);
        }

        return costs;
    }

    private static double Measure(BoundBatch batch)
    {
        // A fixed seed, so that the same model is measured by the same rows.
        var random = new Random(20010108);
        var sets = Enumerable.Range(0, VariedSets).Select(_ => batch.Layout.Inputs.Select(i => Rows(random, i, batch.Capacity)).ToArray()).ToArray();
        var samples = new List<double>(Samples);
        var begin = Stopwatch.GetTimestamp();
        while (samples.Count < Samples && (samples.Count < 3 || Stopwatch.GetElapsedTime(begin) < Budget))
        {
            var set = sets[samples.Count % VariedSets];
            for (var i = 0; i < set.Length; i++)
            {
                set[i].CopyTo(batch.Floats(i));
            }

            var start = Stopwatch.GetTimestamp();
            batch.Run();
            samples.Add(Stopwatch.GetElapsedTime(start).TotalNanoseconds);
        }

        samples.Sort();
        return samples[samples.Count / 2];
    }

    private static float[] Rows(Random random, RowInput input, int rows)
    {
        var values = new float[input.Columns * rows];
        // Whole numbers are often positions in a table, for which only zero is surely there.
        if (input.Type is TensorElementType.FP32 or TensorElementType.FP64)
        {
            for (var i = 0; i < values.Length; i++)
            {
                values[i] = (float)((random.NextDouble() * 4) - 2);
            }
        }

        return values;
    }

    private static RowOutput[]? OutputsAt(InferenceSession session, RunOptions runOptions, RowInput[] inputs, TensorSpec[] specs, int rows)
    {
        var values = new List<OrtValue>();
        var memory = new List<PinnedBytes>();
        try
        {
            foreach (var input in inputs)
            {
                memory.Add(new PinnedBytes(checked(input.RowBytes * rows)));
                values.Add(OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, OnnxTypes.ToOrt(input.Type), input.Shape(rows), memory[^1].Address, memory[^1].Length));
            }

            using var results = session.Run(runOptions, [.. inputs.Select(i => i.Name)], values, [.. specs.Select(s => s.Name)]);
            GC.KeepAlive(memory);
            var outputs = new List<RowOutput>();
            foreach (var (spec, value) in specs.Zip(results))
            {
                var shape = value.GetTensorTypeAndShape().Shape;
                if (shape.Length == 0 || shape[0] != rows)
                {
                    return null;
                }

                outputs.Add(new RowOutput(spec.Name, spec.ElementType, checked((int)shape[1..].Aggregate(1L, static (a, b) => a * b)), shape[1..]));
            }

            return [.. outputs];
        }
        finally
        {
            values.ForEach(static v => v.Dispose());
        }
    }
}
