using System.Runtime.InteropServices;
using Grid.Inference.Hosting;
using Grid.Primitives;

namespace Grid.Inference.Rows;

/// <summary>
/// Rows of features on their way into a model, in the memory that the model reads, and its answers on their way out.
/// Rented from a replica, which it keeps loaded; disposed by the renter once. One user at a time, one run at a time; it may run again and again.
/// </summary>
public sealed class RowBuffer : IDisposable
{
    private readonly LoadedModel _model;
    private readonly int _bucket;

    /// <summary>By public output; null where its floats lie in the bound output as they are.</summary>
    private readonly float[]?[] _gathered;

    private bool _isRented;

    /// <param name="bucket">Position of its pool; -1 for a buffer of more rows than one run, which is not kept.</param>
    internal RowBuffer(LoadedModel model, RowBlock block, int bucket)
    {
        _model = model;
        _bucket = bucket;
        Run = new RowRun(model, this, block);
        _gathered = [.. block.Layout.Values.Select(v =>
            v.Index < 0 && block.Layout.Outputs[v.Source].Type == TensorElementType.FP32 ? null : new float[v.Width * block.Capacity])];
    }

    /// <summary>Rows to fill, as rented.</summary>
    public int Rows { get; private set; }

    internal RowRun Run { get; }

    private RowLayout Layout => Run.Block.Layout;

    /// <summary>
    /// All rows of an ONNX input, row by row, to be written; inputs are numbered in the order of the signature. A column that is left
    /// unwritten is NaN, which the run refuses unless the manifest allows it.
    /// </summary>
    public Span<float> Input(int input = 0)
    {
        CheckRented();
        return Run.Block.Floats(input, 0, Rows);
    }

    /// <summary>One row of an ONNX input.</summary>
    public Span<float> Row(int row, int input = 0)
    {
        CheckRented();
        ArgumentOutOfRangeException.ThrowIfGreaterThanOrEqual((uint)row, (uint)Rows, nameof(row));
        return Run.Block.Floats(input, row, 1);
    }

    /// <summary>
    /// An answer's value for all rows, row by row, after a run that went well; numbered as in the manifest, or, without named outputs,
    /// as the model's numeric outputs. Integers and booleans come as floats. Valid until the next run or the end of the rent.
    /// </summary>
    public ReadOnlySpan<float> Output(int output = 0)
    {
        CheckRented();
        var value = Layout.Values[output];
        var floats = _gathered[output] is { } gathered ? gathered : Run.Block.Outputs[value.Source].As<float>();
        return floats[..(Rows * value.Width)];
    }

    /// <inheritdoc cref="Output(int)"/>
    /// <exception cref="GridException">There is no such output.</exception>
    public ReadOnlySpan<float> Output(string name)
    {
        var at = Array.FindIndex(Layout.Values, v => v.Name == name);
        return at >= 0 ? Output(at) : throw Unexpected(name, Layout.Values.Select(v => v.Name)).ToException();
    }

    /// <summary>An ONNX output as the model wrote it, for all rows.</summary>
    /// <typeparam name="T">A type of the size of the output's elements.</typeparam>
    /// <exception cref="GridException">The output is not bound, or has elements of another size.</exception>
    public ReadOnlySpan<T> Raw<T>(string onnxOutput) where T : unmanaged
    {
        CheckRented();
        var at = Array.FindIndex(Layout.Outputs, o => o.Name == onnxOutput);
        if (at < 0)
        {
            throw Unexpected(onnxOutput, Layout.Outputs.Select(o => o.Name)).ToException();
        }

        var output = Layout.Outputs[at];
        return Marshal.SizeOf<T>() == TensorElementTypes.SizeOf(output.Type)
            ? MemoryMarshal.Cast<byte, T>(Run.Block.Outputs[at].Span[..(Rows * output.RowBytes)])
            : throw GridError.Invalid($"output '{onnxOutput}'", $"has elements of type {TensorElementTypes.NameOf(output.Type)}, not {typeof(T).Name}.").ToException();
    }

    /// <summary>Gives it back.</summary>
    /// <exception cref="InvalidOperationException">A run is under way: await it first.</exception>
    public void Dispose()
    {
        if (!_isRented)
        {
            return;
        }

        if (Run.IsBusy)
        {
            throw new InvalidOperationException("This buffer is in a run that has not ended.");
        }

        _isRented = false;
        // Pooled before released: the model's end disposes what is in the pools.
        _model.Rows!.ReturnBuffer(_bucket, this);
        _model.Release();
    }

    internal void Begin(int rows)
    {
        Rows = rows;
        _isRented = true;
        Run.Block.Clear(rows);
    }

    internal void CheckRented() => ObjectDisposedException.ThrowIf(!_isRented, this);

    internal void GatherValues()
    {
        for (var i = 0; i < _gathered.Length; i++)
        {
            if (_gathered[i] is { } floats)
            {
                Run.Block.Gather(Layout.Values[i], Rows, floats);
            }
        }
    }

    internal void Destroy() => (Run.Block as BoundBatch)?.Dispose();

    private GridError Unexpected(string name, IEnumerable<string> allowed) =>
        GridError.Invalid($"version '{_model.Name}'", $"unexpected inference output '{name}', allowed outputs are: {string.Join(", ", allowed)}");
}
