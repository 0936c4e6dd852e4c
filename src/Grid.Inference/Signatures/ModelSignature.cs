using System.Collections.Immutable;

namespace Grid.Inference.Signatures;

/// <summary>What an ONNX file says of itself: inputs, outputs, operator sets, and the files that hold its weights. Immutable.</summary>
/// <param name="IrVersion">Version of the file format.</param>
/// <param name="Opsets">The operator sets it imports.</param>
/// <param name="Inputs">What a caller must give, in the graph's order; weights that are listed as inputs (old files) are left out.</param>
/// <param name="Outputs">What it computes, in the graph's order.</param>
/// <param name="ExternalFiles">Files beside it that hold weights, relative to its folder, sorted.</param>
/// <param name="WeightBytes">Bytes of the ONNX file and of its external files.</param>
public sealed record ModelSignature(
    long IrVersion,
    ImmutableArray<OpsetImport> Opsets,
    ImmutableArray<TensorSpec> Inputs,
    ImmutableArray<TensorSpec> Outputs,
    ImmutableArray<string> ExternalFiles,
    long WeightBytes)
{
    /// <summary>The input of that name, or null.</summary>
    public TensorSpec? FindInput(string name) => Find(Inputs, name);

    /// <summary>The output of that name, or null.</summary>
    public TensorSpec? FindOutput(string name) => Find(Outputs, name);

    private static TensorSpec? Find(ImmutableArray<TensorSpec> specs, string name)
    {
        foreach (var spec in specs)
        {
            if (spec.Name == name)
            {
                return spec;
            }
        }

        return null;
    }
}
