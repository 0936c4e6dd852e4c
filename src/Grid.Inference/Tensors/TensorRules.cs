using System.Buffers.Binary;
using Grid.Inference.Signatures;
using Grid.Primitives;

namespace Grid.Inference.Tensors;

/// <summary>Compares a request's tensors with a model's signature before anything runs. Pure.</summary>
internal static class TensorRules
{
    /// <summary>The names of the outputs to compute.</summary>
    /// <exception cref="GridException">All that is wrong, by name.</exception>
    public static IReadOnlyList<string> Check(string version, ModelSignature signature, IReadOnlyList<Tensor> inputs, IReadOnlyList<string>? outputs)
    {
        var errors = new List<GridError>();
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var tensor in inputs)
        {
            if (signature.FindInput(tensor.Name) is not { } spec)
            {
                errors.Add(GridError.Invalid(Target(version), $"unexpected inference input '{tensor.Name}', allowed inputs are: {Names(signature.Inputs)}"));
            }
            else if (!seen.Add(tensor.Name))
            {
                errors.Add(GridError.Invalid(Target(version), $"inference input '{tensor.Name}' is there twice.", "Send each input once."));
            }
            else
            {
                CheckTensor(version, spec, tensor, errors);
            }
        }

        foreach (var spec in signature.Inputs)
        {
            if (!seen.Contains(spec.Name))
            {
                errors.Add(GridError.Invalid(Target(version), $"inference input '{spec.Name}' is missing ({TensorElementTypes.NameOf(spec.ElementType)}{spec.DescribeShape()}).", $"Send all of: {Names(signature.Inputs)}."));
            }
        }

        var asked = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in outputs ?? [])
        {
            if (signature.FindOutput(name) is null)
            {
                errors.Add(GridError.Invalid(Target(version), $"unexpected inference output '{name}', allowed outputs are: {Names(signature.Outputs)}"));
            }
            else if (!asked.Add(name))
            {
                errors.Add(GridError.Invalid(Target(version), $"inference output '{name}' is asked for twice.", "Ask for each output once."));
            }
        }

        return errors.Count > 0 ? throw new GridException(errors)
            : outputs is { Count: > 0 } ? outputs
            : [.. signature.Outputs.Select(o => o.Name)];
    }

    private static void CheckTensor(string version, TensorSpec spec, Tensor tensor, List<GridError> errors)
    {
        if (tensor.ElementType != spec.ElementType)
        {
            errors.Add(GridError.Invalid(Target(version), $"inference input '{tensor.Name}' has datatype {TensorElementTypes.NameOf(tensor.ElementType)}; the model takes {TensorElementTypes.NameOf(spec.ElementType)}.", "Convert it before sending."));
            return;
        }

        var fits = !spec.RankKnown || tensor.Shape.Length == spec.Rank;
        for (var i = 0; fits && i < spec.Rank; i++)
        {
            fits = spec.Dimensions[i] < 0 || spec.Dimensions[i] == tensor.Shape[i];
        }

        if (!fits)
        {
            errors.Add(GridError.Invalid(Target(version), $"inference input '{tensor.Name}' has the shape [{string.Join(',', tensor.Shape)}]; the model takes {spec.DescribeShape()}.", "Send the shape that the model's metadata shows."));
            return;
        }

        var count = Tensor.CountElements(tensor.Name, tensor.Shape);
        if (tensor.ElementType == TensorElementType.Bytes && CountBytes(tensor.Data.Span) is var found && found != count)
        {
            errors.Add(GridError.Invalid(Target(version), $"inference input '{tensor.Name}' holds {(found < 0 ? "elements whose lengths run past its end" : $"{found} elements")}; its shape says {count}.", "Write every element as a little-endian 32-bit length and its bytes."));
        }
        else if (tensor.ElementType == TensorElementType.Bool && tensor.Data.Span.ContainsAnyExceptInRange((byte)0, (byte)1))
        {
            errors.Add(GridError.Invalid(Target(version), $"inference input '{tensor.Name}' holds a boolean that is neither 0 nor 1.", "Write booleans as bytes 0 and 1."));
        }
    }

    /// <summary>Elements of a length-prefixed blob; -1 where they do not end with it.</summary>
    private static long CountBytes(ReadOnlySpan<byte> data)
    {
        var count = 0L;
        while (data.Length >= sizeof(uint))
        {
            var length = BinaryPrimitives.ReadUInt32LittleEndian(data);
            if (length > data.Length - sizeof(uint))
            {
                return -1;
            }

            data = data[(sizeof(uint) + (int)length)..];
            count++;
        }

        return data.IsEmpty ? count : -1;
    }

    private static string Target(string version) => $"version '{version}'";

    private static string Names(IEnumerable<TensorSpec> specs) => string.Join(", ", specs.Select(s => s.Name));
}
