using Grid.Inference.Signatures;
using Grid.Primitives;
using Microsoft.ML.OnnxRuntime;

namespace Grid.Inference.Hosting;

/// <summary>The steps of a load, on the load thread.</summary>
internal static class ModelMaker
{
    /// <exception cref="GridException">It cannot be loaded, with the reason.</exception>
    public static LoadedModel Make(ModelHost host, ModelEntry entry)
    {
        // 1. The bytes are still those that were registered.
        host.Faults?.BeforeLoad?.Invoke(entry.Key);
        if (entry.Package.VerifyAsync().GetAwaiter().GetResult() is { } changed)
        {
            throw changed.ToException();
        }

        // 2. Everything that can be judged without ONNX Runtime is.
        var signature = OnnxInspector.Inspect(entry.Package.ModelPath);
        if (entry.Manifest?.Check(signature, entry.Package) is { Count: > 0 } errors)
        {
            throw new GridException([.. errors.Select(e => e with { Target = $"version '{entry.Key}' {e.Target}" })]);
        }

        // 3. Room is made before memory is taken.
        var bytes = MemoryEstimate.For(signature.WeightBytes);
        host.MakeRoom(entry.Key, bytes);

        // 4. The session is made, warmed and measured.
        var before = Environment.WorkingSet;
        var session = SessionLoader.Load(entry.Package.ModelPath, signature, entry.Manifest, entry.Key.ToString());
        var runOptions = new RunOptions();
        try
        {
            var model = new LoadedModel(host, entry.Key, entry.Package.Digest, entry.Manifest, signature, session, runOptions) { ChargedBytes = bytes };
            model.MeasuredBytes = Math.Max(0, Environment.WorkingSet - before);
            return model;
        }
        catch (Exception exception)
        {
            session.Dispose();
            runOptions.Dispose();
            if (exception is OnnxRuntimeException)
            {
                throw new GridException(
                    GridError.Invalid($"version '{entry.Key}'", $"failed to load: it does not run on rows of zeros: {exception.Message.Trim()}", "Check the shapes that the model declares."),
                    exception);
            }

            throw;
        }
    }
}
