using System.Diagnostics;
using Grid.Inference.Signatures;
using Grid.Primitives;
using Microsoft.ML.OnnxRuntime;

namespace Grid.Inference.Tensors;

/// <summary>Warms a model that is asked by tensors alone: one run of zeros with every dynamic dimension 1, timed the second time.</summary>
internal static class TensorProbe
{
    /// <summary>More elements than this are not made up for a warm-up.</summary>
    private const long MaxElements = 1 << 22;

    /// <summary>Nanoseconds of a run, or 0 where zeros are nothing that the model accepts: only a caller can know what it takes.</summary>
    public static double Measure(InferenceSession session, RunOptions runOptions, ModelSignature signature)
    {
        var inputs = new List<Tensor>();
        foreach (var spec in signature.Inputs)
        {
            var shape = spec.Dimensions.Select(static d => d < 0 ? 1 : d).ToArray();
            if (!spec.RankKnown || shape.Any(static d => d > MaxElements) || Tensor.CountElements(spec.Name, shape) is var count && count > MaxElements)
            {
                return 0;
            }

            // An empty string is a length of zero.
            var size = spec.ElementType == TensorElementType.Bytes ? sizeof(uint) : TensorElementTypes.SizeOf(spec.ElementType);
            inputs.Add(new Tensor(spec.Name, spec.ElementType, shape, new byte[count * size]));
        }

        string[] outputs = [.. signature.Outputs.Select(o => o.Name)];
        try
        {
            TensorRunner.Run(session, runOptions, inputs, outputs);
            var start = Stopwatch.GetTimestamp();
            TensorRunner.Run(session, runOptions, inputs, outputs);
            return Stopwatch.GetElapsedTime(start).TotalNanoseconds;
        }
        catch (OnnxRuntimeException)
        {
            return 0;
        }
    }
}
