using System.Collections.Immutable;
using Grid.Inference.Manifests;
using Grid.Inference.Rows;
using Grid.Inference.Scheduling;
using Grid.Inference.Signatures;
using Grid.Primitives;

namespace Grid.Inference.Hosting;

/// <summary>
/// A lease of a loaded version: it stays loaded until the lease is disposed, once. Copies are the same lease. Hold it for a request, not longer:
/// an unload waits for it. Members may be called from any thread.
/// </summary>
public readonly struct Replica : IDisposable, IEquatable<Replica>
{
    private readonly LoadedModel _model;

    internal Replica(LoadedModel model) => _model = model;

    public VersionKey Key => _model.Key;

    public ModelSignature Signature => _model.Signature;

    /// <summary>Null where the version came without one.</summary>
    public ModelManifest? Manifest => _model.Manifest;

    /// <summary>The content digest of its files.</summary>
    public Digest Digest => _model.Digest;

    /// <summary>True where rows of floats can be asked of it: every input is numeric with a leading batch dimension, and so are the outputs.</summary>
    public bool SupportsRows => _model.Rows is not null;

    /// <summary>Most rows of one run; more are split. 0 where rows cannot be asked of it.</summary>
    public int MaxBatch => _model.Rows?.Layout.MaxBatch ?? 0;

    /// <summary>The values of an answer, in the order of <see cref="RowBuffer.Output(int)"/>.</summary>
    public ImmutableArray<string> OutputNames => _model.Rows is { } rows ? [.. rows.Layout.Values.Select(v => v.Name)] : [];

    /// <summary>How rows lie in its inputs and outputs; null where rows cannot be asked of it.</summary>
    internal RowLayout? RowLayout => _model.Rows?.Layout;

    /// <summary>Memory for rows of features, 1 or more. It keeps the version loaded by itself; dispose it once.</summary>
    /// <exception cref="GridException">Rows cannot be asked of this version.</exception>
    /// <exception cref="ObjectDisposedException">The lease was given back.</exception>
    public RowBuffer Rent(int rows = 1)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(rows, 1);
        if (_model.Rows is not { } engine)
        {
            throw new GridError(
                GridErrorCode.Unsupported,
                $"version '{_model.Name}'",
                $"takes no rows of numbers; its inputs are {string.Join("; ", _model.Signature.Inputs)}.",
                "Ask it by tensors.").ToException();
        }

        // The type, not this: a box for every call otherwise.
        ObjectDisposedException.ThrowIf(!_model.TryAddReference(), typeof(Replica));
        try
        {
            return engine.RentBuffer(rows);
        }
        catch
        {
            _model.Release();
            throw;
        }
    }

    /// <summary>
    /// Runs the rows of a buffer. Ends at once, on this thread, where the version is cheap, nothing waits for it and this core is free;
    /// otherwise a worker runs it together with what else waits. Failures are in the result.
    /// </summary>
    /// <exception cref="InvalidOperationException">The buffer is in a run, or was rented from another version.</exception>
    public ValueTask<RunResult> RunAsync(RowBuffer buffer, in RunContext context) => _model.RunAsync(buffer, context);

    /// <summary>Runs a request by tensors, on a worker. Shapes may be anything that the signature allows, scalars and batches of no rows too.</summary>
    /// <param name="inputs">Every input of the model once, in any order.</param>
    /// <param name="outputs">What to compute, in this order; null or empty: all.</param>
    /// <param name="context">Who asks, and until when.</param>
    /// <exception cref="GridException">The request does not fit the signature, was refused, expired or cancelled, or the model failed.</exception>
    public ValueTask<IReadOnlyList<Tensor>> RunTensorsAsync(IReadOnlyList<Tensor> inputs, IReadOnlyList<string>? outputs, RunContext context) =>
        _model.RunTensorsAsync(inputs, outputs, context);

    public void Dispose() => _model?.Release();

    public bool Equals(Replica other) => ReferenceEquals(_model, other._model);

    public override bool Equals(object? obj) => obj is Replica other && Equals(other);

    public override int GetHashCode() => _model?.GetHashCode() ?? 0;

    public static bool operator ==(Replica left, Replica right) => left.Equals(right);

    public static bool operator !=(Replica left, Replica right) => !left.Equals(right);
}
