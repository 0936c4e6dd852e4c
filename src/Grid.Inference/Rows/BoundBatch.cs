using Grid.Inference.Signatures;
using Grid.Primitives;
using Microsoft.ML.OnnxRuntime;

namespace Grid.Inference.Rows;

/// <summary>
/// A block bound to a session once: a run allocates nothing. One run at a time (a binding is not thread-safe; the session is).
/// Disposed before its session.
/// </summary>
internal sealed class BoundBatch : RowBlock, IDisposable
{
    private readonly InferenceSession _session;
    private readonly RunOptions _runOptions;
    private readonly OrtIoBinding _binding;
    private readonly List<OrtValue> _values = [];

    /// <summary>For inputs that are not FP32: what the model reads, converted from the floats before a run.</summary>
    private readonly PinnedBytes?[] _converted;

    public BoundBatch(InferenceSession session, RunOptions runOptions, RowLayout layout, int rows) : base(layout, rows)
    {
        _session = session;
        _runOptions = runOptions;
        _converted = [.. layout.Inputs.Select(i => i.Type == TensorElementType.FP32 ? null : new PinnedBytes(checked(i.RowBytes * rows)))];
        _binding = session.CreateIoBinding();
        try
        {
            for (var i = 0; i < layout.Inputs.Length; i++)
            {
                var input = layout.Inputs[i];
                _binding.BindInput(input.Name, Wrap(input.Type, input.Shape(rows), _converted[i] ?? FloatMemory(i)));
            }

            for (var i = 0; i < layout.Outputs.Length; i++)
            {
                var output = layout.Outputs[i];
                _binding.BindOutput(output.Name, Wrap(output.Type, output.Shape(rows), Outputs[i]));
            }
        }
        catch
        {
            Dispose();
            throw;
        }
    }

    /// <exception cref="OnnxRuntimeException">The model failed.</exception>
    public void Run()
    {
        for (var i = 0; i < _converted.Length; i++)
        {
            if (_converted[i] is { } converted)
            {
                Convert(Floats(i), converted, Layout.Inputs[i].Type);
            }
        }

        _session.RunWithBinding(_runOptions, _binding);
    }

    public void Dispose()
    {
        _binding.Dispose();
        foreach (var value in _values)
        {
            value.Dispose();
        }

        _values.Clear();
    }

    private OrtValue Wrap(TensorElementType type, long[] shape, PinnedBytes memory)
    {
        var value = OrtValue.CreateTensorValueWithData(OrtMemoryInfo.DefaultInstance, OnnxTypes.ToOrt(type), shape, memory.Address, memory.Length);
        _values.Add(value);
        return value;
    }

    private static void Convert(ReadOnlySpan<float> floats, PinnedBytes memory, TensorElementType type)
    {
        switch (type)
        {
            case TensorElementType.FP64:
                System.Numerics.Tensors.TensorPrimitives.ConvertTruncating<float, double>(floats, memory.As<double>());
                break;
            case TensorElementType.Int64:
                System.Numerics.Tensors.TensorPrimitives.ConvertTruncating<float, long>(floats, memory.As<long>());
                break;
            case TensorElementType.Int32:
                System.Numerics.Tensors.TensorPrimitives.ConvertTruncating<float, int>(floats, memory.As<int>());
                break;
            default:
                throw new InvalidOperationException($"An input of type {type} is never bound on the row path.");
        }
    }
}
