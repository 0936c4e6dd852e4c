using System.Collections.Immutable;
using System.Globalization;
using Google.Protobuf;
using Grid.Inference.Repository;
using Grid.Primitives;

namespace Grid.Inference.Signatures;

/// <summary>
/// Reads and judges an ONNX file before ONNX Runtime sees it: what it takes and gives, and whether all its weights are inside its folder.
/// Thread-safe; reads the file once as a stream and holds no weights.
/// </summary>
public static class OnnxInspector
{
    /// <summary>The most bytes of one ONNX file: protobuf itself cannot hold more. Larger weights belong in external data.</summary>
    public const long MaxModelBytes = int.MaxValue;

    /// <param name="modelPath">The ONNX file; external data is looked for in its folder.</param>
    /// <param name="maxBytes">The largest file that is accepted, 1 to <see cref="MaxModelBytes"/>.</param>
    /// <exception cref="GridException">The file is missing, empty, too large, truncated or no ONNX model, uses types that are not offered, or names weights that are missing, short or outside its folder. All that is found is reported at once.</exception>
    public static ModelSignature Inspect(string modelPath, long maxBytes = MaxModelBytes)
    {
        var target = $"file '{modelPath}'";
        var file = new FileInfo(modelPath);
        if (!file.Exists)
        {
            throw GridError.NotFound(target, "does not exist.", "Put the model there, as <model>/<version>/model.onnx.").ToException();
        }

        if (file.Length == 0)
        {
            throw GridError.Invalid(target, "is empty.", "Export the model again and copy the whole file.").ToException();
        }

        if (file.Length > Math.Min(maxBytes, MaxModelBytes))
        {
            throw new GridError(
                GridErrorCode.TooLarge,
                target,
                $"has {file.Length} bytes; the limit is {Math.Min(maxBytes, MaxModelBytes)}.",
                "Save the weights as external data beside the model, or raise the limit.").ToException();
        }

        var graph = Read(file, target);
        var errors = new List<GridError>();
        var inputs = Judge(graph.Inputs, "input", target, errors);
        var outputs = Judge(graph.Outputs, "output", target, errors);
        if (outputs.IsEmpty && errors.Count == 0)
        {
            errors.Add(GridError.Invalid(target, "has no outputs.", "Export the model with at least one output."));
        }

        var external = JudgeExternal(graph.External, file.DirectoryName!, target, errors, out var externalBytes);
        return errors.Count > 0
            ? throw new GridException(errors)
            : new ModelSignature(graph.IrVersion, [.. graph.Opsets], inputs, outputs, external, file.Length + externalBytes);
    }

    private static OnnxGraphReader Read(FileInfo file, string target)
    {
        const string Fix = "Give the .onnx file as it was exported, whole.";
        OnnxGraphReader graph;
        try
        {
            using var stream = file.OpenRead();
            graph = OnnxGraphReader.Read(stream, file.Length);
        }
        catch (InvalidProtocolBufferException exception)
        {
            throw new GridException(GridError.Invalid(target, "is no ONNX model, or a truncated or damaged one: its bytes are no protobuf message.", Fix), exception);
        }
        catch (InvalidDataException exception)
        {
            throw new GridException(GridError.Invalid(target, $"is no ONNX model, or a damaged one: it {exception.Message}.", Fix), exception);
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            throw new GridException(new GridError(GridErrorCode.FailedPrecondition, target, "cannot be read.", "Check the file's permissions."), exception);
        }

        return graph is { HasGraph: true, IrVersion: > 0 } ? graph : throw GridError.Invalid(target, "is no ONNX model: it has no graph.", Fix).ToException();
    }

    private static ImmutableArray<TensorSpec> Judge(IEnumerable<DeclaredValue> values, string role, string target, List<GridError> errors)
    {
        var specs = ImmutableArray.CreateBuilder<TensorSpec>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        foreach (var value in values)
        {
            var type = OnnxTypes.ToGrid(value.ElementType);
            if (value.Name.Length == 0 || !names.Add(value.Name))
            {
                errors.Add(GridError.Invalid(target, $"has an {role} without a name of its own ('{value.Name}').", "Give every input and output a different name."));
            }
            else if (value.Kind != "tensor")
            {
                errors.Add(new GridError(
                    GridErrorCode.Unsupported,
                    target,
                    $"{role} '{value.Name}' is a {(value.Kind.Length == 0 ? "value of no type" : value.Kind)}; only tensors are offered.",
                    "Export the model with tensors (for a scikit-learn classifier: options={'zipmap': False})."));
            }
            else if (type is null)
            {
                errors.Add(new GridError(
                    GridErrorCode.Unsupported,
                    target,
                    $"{role} '{value.Name}' has elements of type {OnnxTypes.NameOf(value.ElementType)}, which is not offered.",
                    "Cast it inside the model to FLOAT, FLOAT16, BFLOAT16, DOUBLE, BOOL, STRING or an integer of 8 to 64 bits."));
            }
            else
            {
                specs.Add(new TensorSpec(value.Name, type.Value, [.. value.Dimensions], [.. value.Symbols], value.RankKnown));
            }
        }

        return specs.ToImmutable();
    }

    private static ImmutableArray<string> JudgeExternal(List<ExternalWeights> external, string folder, string target, List<GridError> errors, out long bytes)
    {
        var sizes = new SortedDictionary<string, long>(StringComparer.Ordinal);
        var bad = new HashSet<string>(StringComparer.Ordinal);
        foreach (var weights in external)
        {
            if (bad.Contains(weights.Location))
            {
                continue;
            }

            if (!sizes.TryGetValue(weights.Location, out var size))
            {
                if (PackagePaths.CheckInside(folder, weights.Location) is { } reason)
                {
                    bad.Add(weights.Location);
                    errors.Add(GridError.Invalid(
                        target,
                        $"the weights of '{weights.Tensor}' are in '{weights.Location}', which {reason}.",
                        "Keep external data in files beside the model, under plain relative names."));
                    continue;
                }

                size = new FileInfo(Path.Combine(folder, weights.Location)).Length;
                sizes.Add(weights.Location, size);
            }

            if (!TryRange(weights, size, out var offset, out var length) || length > size - offset)
            {
                errors.Add(GridError.Invalid(
                    target,
                    $"the weights of '{weights.Tensor}' are bytes {weights.Offset ?? "0"} to +{weights.Length ?? "end"} of '{weights.Location}', which has {size}.",
                    "Copy the whole external data file that was exported with this model."));
            }
        }

        bytes = sizes.Values.Sum();
        return [.. sizes.Keys];
    }

    private static bool TryRange(ExternalWeights weights, long size, out long offset, out long length)
    {
        length = 0;
        if (!TryNumber(weights.Offset, 0, out offset) || offset > size)
        {
            return false;
        }

        return TryNumber(weights.Length, size - offset, out length);
    }

    private static bool TryNumber(string? text, long absent, out long number)
    {
        number = absent;
        return string.IsNullOrEmpty(text) || long.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out number);
    }
}
