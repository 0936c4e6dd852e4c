using System.Runtime.InteropServices;
using System.Runtime.Intrinsics;
using Microsoft.ML.OnnxRuntime;

namespace Grid.Inference.Hosting;

/// <summary>What computes answers here. Two processes with the same description give the same bits for the same model, vector and batch.</summary>
public static class InferenceRuntime
{
    /// <summary>Build of the runtime, processor architecture, and the widest vectors it computes with: <c>onnxruntime 1.31.1; x64; 256</c>.</summary>
    public static string Description { get; } =
        $"onnxruntime {OrtEnv.Instance().GetVersionString()}; {RuntimeInformation.ProcessArchitecture.ToString().ToLowerInvariant()}; {Width}";

    // The runtime's kernels choose their order of addition by it.
    private static int Width => Vector512.IsHardwareAccelerated ? 512 : Vector256.IsHardwareAccelerated ? 256 : 128;
}
