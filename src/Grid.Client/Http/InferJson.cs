using System.Buffers;
using System.Runtime.InteropServices;
using System.Text.Json;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Client.Http;

/// <summary>Tensor requests and answers in the JSON of the Open Inference Protocol.</summary>
internal static class InferJson
{
    public static ReadOnlyMemory<byte> Write(IReadOnlyList<Tensor> inputs, IReadOnlyList<string>? outputs, TimeSpan? timeLeft)
    {
        var buffer = new ArrayBufferWriter<byte>(1024);
        using var writer = new Utf8JsonWriter(buffer);
        writer.WriteStartObject();
        if (timeLeft is { } left)
        {
            writer.WriteStartObject("parameters");
            writer.WriteNumber("timeout", (long)left.TotalMicroseconds);
            writer.WriteEndObject();
        }

        writer.WriteStartArray("inputs");
        foreach (var input in inputs)
        {
            WriteTensor(writer, input);
        }

        writer.WriteEndArray();
        if (outputs is not null)
        {
            writer.WriteStartArray("outputs");
            foreach (var output in outputs)
            {
                writer.WriteStartObject();
                writer.WriteString("name", output);
                writer.WriteEndObject();
            }

            writer.WriteEndArray();
        }

        writer.WriteEndObject();
        writer.Flush();
        return buffer.WrittenMemory;
    }

    /// <exception cref="GridException">An output's data and shape disagree.</exception>
    public static TensorPrediction Read(InferAnswerBody body)
    {
        return new TensorPrediction(body.ModelName, body.ModelVersion ?? "", Parameter(body, "digest") ?? "", [.. body.Outputs.Select(ReadTensor)])
        {
            PredictionId = Parameter(body, "prediction_id"),
        };
    }

    private static string? Parameter(InferAnswerBody body, string name) =>
        body.Parameters is not null && body.Parameters.TryGetValue(name, out var element) && element.ValueKind == JsonValueKind.String ? element.GetString() : null;

    private static void WriteTensor(Utf8JsonWriter writer, Tensor tensor)
    {
        writer.WriteStartObject();
        writer.WriteString("name", tensor.Name);
        writer.WriteStartArray("shape");
        foreach (var dimension in tensor.Shape)
        {
            writer.WriteNumberValue(dimension);
        }

        writer.WriteEndArray();
        writer.WriteString("datatype", TensorElementTypes.NameOf(tensor.ElementType));
        writer.WritePropertyName("data");
        WireTensors.WriteData(writer, tensor);
        writer.WriteEndObject();
    }

    private static Tensor ReadTensor(TensorBody body)
    {
        if (!TensorElementTypes.TryParse(body.Datatype, out var type))
        {
            throw new GridError(GridErrorCode.Unsupported, $"output '{body.Name}'", $"has the datatype {body.Datatype}, which this SDK does not know.", "Upgrade the SDK.").ToException();
        }

        var reader = new Utf8JsonReader(JsonMarshal.GetRawUtf8Value(body.Data));
        reader.Read();
        return WireTensors.ReadData(ref reader, body.Name, type, [.. body.Shape]);
    }
}
