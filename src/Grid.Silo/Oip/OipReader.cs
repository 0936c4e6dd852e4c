using System.Text.Json;
using Grid.Client.Wire;
using Grid.Primitives;
using Grid.Silo.Http.Json;

namespace Grid.Silo.Oip;

/// <summary>
/// Reads inference requests in JSON form. Unknown top-level members are passed over, as the protocol asks (clients send <c>model_name</c>);
/// what is asked for and not offered is refused by name, never ignored.
/// </summary>
internal static class OipReader
{
    private const int MaxTensors = 1024;

    /// <summary>As many as a model input may sensibly have; keeps a shape from being the larger part of a body.</summary>
    private const int MaxDimensions = 32;

    private const long MaxTimeoutMicroseconds = 600_000_000;

    public static OipRequest Read(ref JsonCursor cursor)
    {
        string? id = null;
        List<Tensor>? inputs = null;
        List<string>? outputs = null;
        TimeSpan? deadline = null;
        cursor.BeginObject();
        while (cursor.NextMember())
        {
            if (cursor.Is("id"u8))
            {
                id = cursor.OptionalText();
            }
            else if (cursor.Is("inputs"u8))
            {
                inputs = ReadInputs(ref cursor);
            }
            else if (cursor.Is("outputs"u8))
            {
                outputs = ReadOutputs(ref cursor);
            }
            else if (cursor.Is("parameters"u8))
            {
                deadline = ReadParameters(ref cursor);
            }
            else
            {
                cursor.Next();
                cursor.SkipRest();
            }
        }

        return new OipRequest(id, inputs ?? throw JsonFault.Missing("inputs", "an array of {name, shape, datatype, data}"), outputs, deadline);
    }

    private static List<Tensor> ReadInputs(ref JsonCursor cursor)
    {
        var inputs = new List<Tensor>();
        var names = new HashSet<string>(StringComparer.Ordinal);
        cursor.BeginArray("an array of inputs");
        while (cursor.NextItem())
        {
            RequireRoom(inputs.Count, "inputs");
            var input = ReadInput(ref cursor, inputs.Count);
            if (!names.Add(input.Name))
            {
                throw GridError.Invalid($"input '{input.Name}'", "is given twice.", "Send every input once.").ToException();
            }

            inputs.Add(input);
        }

        return inputs;
    }

    private static Tensor ReadInput(ref JsonCursor cursor, int index)
    {
        cursor.RequireObject();
        string? name = null;
        string? datatype = null;
        long[]? shape = null;
        var data = default(Utf8JsonReader);
        var hasData = false;
        while (cursor.NextMember())
        {
            if (cursor.Is("name"u8))
            {
                name = cursor.Text();
            }
            else if (cursor.Is("shape"u8))
            {
                shape = ReadShape(ref cursor);
            }
            else if (cursor.Is("datatype"u8))
            {
                datatype = cursor.Text();
            }
            else if (cursor.Is("data"u8))
            {
                // Type and shape may come after the data, so that it is read last.
                cursor.Next();
                data = cursor.Fork();
                hasData = true;
                cursor.SkipRest();
            }
            else if (cursor.Is("parameters"u8))
            {
                ReadInputParameters(ref cursor);
            }
            else
            {
                throw cursor.Unknown("name, shape, datatype, parameters, data");
            }
        }

        name = name ?? throw JsonFault.Missing($"inputs[{index}].name", "the name of the input");
        shape = shape ?? throw JsonFault.Missing($"inputs[{index}].shape", "the dimensions of the input");
        datatype = datatype ?? throw JsonFault.Missing($"inputs[{index}].datatype", "the datatype of the input");
        if (!TensorElementTypes.TryParse(datatype, out var type))
        {
            throw GridError.Invalid($"input '{name}'", $"has the unknown datatype '{datatype}'.", $"Known: {string.Join(", ", Enum.GetValues<TensorElementType>().Select(TensorElementTypes.NameOf))}.").ToException();
        }

        return hasData
            ? WireTensors.ReadData(ref data, name, type, shape)
            : throw JsonFault.Missing($"inputs[{index}].data", "the elements of the input");
    }

    private static long[] ReadShape(ref JsonCursor cursor)
    {
        var shape = new List<long>(4);
        cursor.BeginArray("an array of dimensions");
        while (cursor.NextItem())
        {
            if (shape.Count == MaxDimensions)
            {
                throw cursor.WrongKind($"the end of the shape: a tensor has at most {MaxDimensions} dimensions");
            }

            shape.Add(cursor.TryGetInteger(out var dimension) && dimension >= 0 ? dimension : throw cursor.WrongKind("a whole number of 0 or more"));
        }

        return [.. shape];
    }

    private static List<string> ReadOutputs(ref JsonCursor cursor)
    {
        var outputs = new List<string>();
        cursor.BeginArray("an array of outputs");
        while (cursor.NextItem())
        {
            RequireRoom(outputs.Count, "outputs");
            cursor.RequireObject();
            string? name = null;
            while (cursor.NextMember())
            {
                if (cursor.Is("name"u8))
                {
                    name = cursor.Text();
                }
                else if (cursor.Is("parameters"u8))
                {
                    ReadOutputParameters(ref cursor);
                }
                else
                {
                    throw cursor.Unknown("name, parameters");
                }
            }

            name = name ?? throw JsonFault.Missing($"outputs[{outputs.Count}].name", "the name of the output");
            if (outputs.Contains(name))
            {
                throw GridError.Invalid($"output '{name}'", "is asked for twice.", "Ask for every output once.").ToException();
            }

            outputs.Add(name);
        }

        return outputs;
    }

    private static TimeSpan? ReadParameters(ref JsonCursor cursor)
    {
        TimeSpan? deadline = null;
        cursor.BeginObject();
        while (cursor.NextMember())
        {
            if (cursor.Is("timeout"u8))
            {
                var microseconds = cursor.Integer(0, MaxTimeoutMicroseconds);
                deadline = microseconds == 0 ? null : TimeSpan.FromMicroseconds(Math.Max(1000, microseconds));
            }
            else if (cursor.Is("binary_data_output"u8))
            {
                if (cursor.Bool())
                {
                    throw NotOffered("binary_data_output", "Binary tensor data is not supported; ask for JSON outputs (binary_data=False).");
                }
            }
            else if (cursor.Is("sequence_id"u8))
            {
                cursor.Next();
                if (cursor.Token == JsonTokenType.String ? cursor.CurrentText().Length > 0 : !cursor.TryGetInteger(out var sequence) || sequence != 0)
                {
                    throw NotOffered("sequence_id", "Sequences are not supported.");
                }
            }
            else
            {
                cursor.Next();
                cursor.SkipRest();
            }
        }

        return deadline;
    }

    private static void ReadInputParameters(ref JsonCursor cursor)
    {
        cursor.BeginObject();
        while (cursor.NextMember())
        {
            if (cursor.Is("binary_data_size"u8))
            {
                throw NotOffered("binary_data_size", "Binary tensor data is not supported; send JSON data (binary_data=False).");
            }

            if (cursor.Is("shared_memory_region"u8))
            {
                throw NotOffered("shared_memory_region", "Shared memory is not supported; send JSON data.");
            }

            cursor.Next();
            cursor.SkipRest();
        }
    }

    private static void ReadOutputParameters(ref JsonCursor cursor)
    {
        cursor.BeginObject();
        while (cursor.NextMember())
        {
            if (cursor.Is("binary_data"u8))
            {
                if (cursor.Bool())
                {
                    throw NotOffered("binary_data", "Binary tensor data is not supported; ask for JSON outputs (binary_data=False).");
                }
            }
            else if (cursor.Is("classification"u8))
            {
                if (cursor.Integer(0, int.MaxValue) > 0)
                {
                    throw NotOffered("classification", "Classification is not supported; rank the output yourself.");
                }
            }
            else if (cursor.Is("shared_memory_region"u8))
            {
                throw NotOffered("shared_memory_region", "Shared memory is not supported; ask for JSON outputs.");
            }
            else
            {
                cursor.Next();
                cursor.SkipRest();
            }
        }
    }

    private static GridException NotOffered(string parameter, string text) =>
        new GridError(GridErrorCode.Unsupported, $"parameter '{parameter}'", text).ToException();

    private static void RequireRoom(int count, string what)
    {
        if (count == MaxTensors)
        {
            throw new GridError(GridErrorCode.TooLarge, what, $"has more than {MaxTensors} entries.", "Split the request.").ToException();
        }
    }
}
