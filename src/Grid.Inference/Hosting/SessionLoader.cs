using Grid.Inference.Manifests;
using Grid.Inference.Signatures;
using Grid.Primitives;
using Microsoft.ML.OnnxRuntime;

namespace Grid.Inference.Hosting;

/// <summary>Makes sessions with explicit settings, and confirms that ONNX Runtime sees what the inspector saw.</summary>
internal static class SessionLoader
{
    /// <summary>Above this the arena pays: large models have large intermediate results. Below it, it costs 40 KiB a session and gains nothing.</summary>
    private const long ArenaFromBytes = 16 << 20;

    /// <exception cref="GridException">ONNX Runtime refuses the file, or disagrees about its inputs and outputs.</exception>
    public static InferenceSession Load(string path, ModelSignature signature, ModelManifest? manifest, string version)
    {
        using var options = new SessionOptions
        {
            // Its own default counts the cores of the host, whatever the process may use, and brings threads for each session.
            IntraOpNumThreads = manifest?.Threads ?? 1,
            InterOpNumThreads = 1,
            ExecutionMode = ExecutionMode.ORT_SEQUENTIAL,
            GraphOptimizationLevel = GraphOptimizationLevel.ORT_ENABLE_ALL,
            // A pattern is kept for every shape that ever comes.
            EnableMemoryPattern = false,
            EnableCpuMemArena = signature.WeightBytes >= ArenaFromBytes,
            LogSeverityLevel = OrtLoggingLevel.ORT_LOGGING_LEVEL_FATAL,
        };
        options.AddSessionConfigEntry("session.intra_op.allow_spinning", "0");
        options.AddSessionConfigEntry("session.inter_op.allow_spinning", "0");

        InferenceSession session;
        try
        {
            session = new InferenceSession(path, options);
        }
        catch (OnnxRuntimeException exception)
        {
            throw new GridException(
                GridError.Invalid($"version '{version}'", $"failed to load: {exception.Message.Trim()}", "Export the model with operators that ONNX Runtime 1.31 knows."),
                exception);
        }

        try
        {
            Confirm(signature.Inputs, session.InputNames, session.InputMetadata, "input", version);
            Confirm(signature.Outputs, session.OutputNames, session.OutputMetadata, "output", version);
            return session;
        }
        catch
        {
            session.Dispose();
            throw;
        }
    }

    private static void Confirm(IReadOnlyList<TensorSpec> specs, IReadOnlyList<string> names, IReadOnlyDictionary<string, NodeMetadata> metadata, string role, string version)
    {
        if (!specs.Select(s => s.Name).ToHashSet(StringComparer.Ordinal).SetEquals(names))
        {
            throw Disagree(version, $"its {role}s are {string.Join(", ", names)} to ONNX Runtime, and {string.Join(", ", specs.Select(s => s.Name))} in the file.");
        }

        foreach (var spec in specs)
        {
            var seen = metadata[spec.Name];
            if (!seen.IsTensor || OnnxTypes.ToGrid(seen.ElementDataType) != spec.ElementType)
            {
                throw Disagree(version, $"{role} '{spec}' is {seen.OnnxValueType} of {seen.ElementDataType} to ONNX Runtime.");
            }
        }
    }

    private static GridException Disagree(string version, string message) =>
        GridError.Invalid($"version '{version}'", $"failed to load: {message}", "Export the model again; its declared inputs and outputs do not match its graph.").ToException();
}
