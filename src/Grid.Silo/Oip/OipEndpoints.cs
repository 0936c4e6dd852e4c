using System.Text.Json;
using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Wire;
using Grid.Primitives;
using Grid.Silo.Health;
using Grid.Silo.Http;

namespace Grid.Silo.Oip;

/// <summary>The Open Inference Protocol over HTTP: health, metadata, and inference with JSON tensors.</summary>
internal static class OipEndpoints
{
    private const string ServerName = "grid";

    /// <summary>What ONNX models answer as their platform in serving systems.</summary>
    private const string Platform = "onnxruntime_onnx";

    public static IEndpointRouteBuilder MapOip(this IEndpointRouteBuilder endpoints)
    {
        var v2 = endpoints.MapGroup("/v2");
        v2.MapGet("", OipDoor.Open(ServerAsync));
        v2.MapGet("health/live", OipDoor.Open(LiveAsync));
        v2.MapGet("health/ready", OipDoor.Open(ReadyAsync));
        v2.MapGet("models", OipDoor.Open(ModelsAsync));
        foreach (var path in (string[])["models/{model}", "models/{model}/versions/{version}"])
        {
            v2.MapGet(path, OipDoor.Open(MetadataAsync));
            v2.MapGet($"{path}/ready", OipDoor.Open(ModelReadyAsync));
            v2.MapPost($"{path}/infer", OipDoor.Open(InferAsync));
        }

        endpoints.MapFallback("/v2/{**path}", OipDoor.Open(static (context, _) =>
            throw new GridError(GridErrorCode.NotFound, "path", $"{context.Request.Method} {context.Request.Path} is not an endpoint of this server").ToException()));
        return endpoints;
    }

    private static ValueTask ServerAsync(HttpContext context, IGridClient client) =>
        JsonAnswer.WriteAsync(context, ServerName, static (writer, name) =>
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, name);
            writer.WriteString("version"u8, typeof(OipEndpoints).Assembly.GetName().Version!.ToString(3));
            writer.WriteStartArray("extensions"u8);
            writer.WriteEndArray();
            writer.WriteEndObject();
        });

    private static ValueTask LiveAsync(HttpContext context, IGridClient client) =>
        WriteFlagAsync(context, "live", context.RequestServices.GetRequiredService<ISiloHealth>().IsLive);

    private static ValueTask ReadyAsync(HttpContext context, IGridClient client) =>
        WriteFlagAsync(context, "ready", context.RequestServices.GetRequiredService<ISiloHealth>().IsReady);

    private static async ValueTask ModelsAsync(HttpContext context, IGridClient client)
    {
        var models = await client.Models.ListAsync(context.RequestAborted);
        await JsonAnswer.WriteAsync(context, models, static (writer, list) =>
        {
            writer.WriteStartObject();
            writer.WriteStartArray("models"u8);
            foreach (var model in list)
            {
                writer.WriteStringValue(model.Model);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        });
    }

    private static async ValueTask MetadataAsync(HttpContext context, IGridClient client)
    {
        var found = await OipModels.FindAsync(client, OipDoor.RouteOf(context, "model")!, OipDoor.RouteOf(context, "version"), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, found, static (writer, f) =>
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, f.Model.Model);
            writer.WriteStartArray("versions"u8);
            foreach (var version in f.Model.Versions)
            {
                writer.WriteStringValue(version);
            }

            writer.WriteEndArray();
            writer.WriteString("platform"u8, Platform);
            WriteSpecs(writer, "inputs", f.Version.Inputs);
            WriteSpecs(writer, "outputs", f.Version.Outputs);
            writer.WriteEndObject();
        });
    }

    private static async ValueTask ModelReadyAsync(HttpContext context, IGridClient client)
    {
        var (model, version) = await OipModels.FindAsync(client, OipDoor.RouteOf(context, "model")!, OipDoor.RouteOf(context, "version"), context.RequestAborted);
        if (!OipModels.IsReady(version))
        {
            throw OipModels.NotReady(model.Model, version.Version).ToException();
        }

        await JsonAnswer.WriteAsync(context, model.Model, static (writer, name) =>
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, name);
            writer.WriteBoolean("ready"u8, true);
            writer.WriteEndObject();
        });
    }

    private static async ValueTask InferAsync(HttpContext context, IGridClient client)
    {
        RequireJsonForm(context.Request);
        var model = OipDoor.RouteOf(context, "model")!;
        var version = OipDoor.RouteOf(context, "version");
        if (!GridNames.IsValid(model) || (version is not null && !GridNames.IsValid(version)))
        {
            // Refuses by the protocol's wording.
            await OipModels.FindAsync(client, model, version, context.RequestAborted);
        }

        var request = await GridDoor.ReadAsync(context, OipReader.Read);
        TensorPrediction answer;
        try
        {
            answer = await client.InferAsync(model, request.Inputs, version, request.Outputs, request.Deadline, context.RequestAborted);
        }
        catch (GridException e)
        {
            throw new GridException(await OipDiagnosis.ExplainAsync(client, model, version, request, e, context.RequestAborted), e);
        }

        await JsonAnswer.WriteAsync(context, (request.Id, answer), static (writer, s) => WriteAnswer(writer, s.Id, s.answer));
    }

    /// <exception cref="GridException">The body is in a form that is not offered; reading it as JSON would only say that it is malformed.</exception>
    private static void RequireJsonForm(HttpRequest request)
    {
        if (request.Headers.ContainsKey("Inference-Header-Content-Length"))
        {
            throw new GridError(GridErrorCode.Unsupported, "header 'Inference-Header-Content-Length'", "Binary tensor data is not supported; send JSON data (binary_data=False).").ToException();
        }

        if (request.Headers.ContentEncoding is [{ Length: > 0 } encoding, ..] && encoding != "identity")
        {
            throw new GridError(GridErrorCode.Unsupported, "header 'Content-Encoding'", $"Content-Encoding '{encoding}' is not supported; send the body as it is.").ToException();
        }
    }

    private static ValueTask WriteFlagAsync(HttpContext context, string name, bool value) =>
        JsonAnswer.WriteAsync(
            context,
            (name, value),
            static (writer, s) =>
            {
                writer.WriteStartObject();
                writer.WriteBoolean(s.name, s.value);
                if (!s.value)
                {
                    writer.WriteString("error"u8, $"the server is not {s.name}");
                }

                writer.WriteEndObject();
            },
            value ? 200 : 503);

    private static void WriteSpecs(Utf8JsonWriter writer, string name, TensorSpec[] specs)
    {
        writer.WriteStartArray(name);
        foreach (var spec in specs)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, spec.Name);
            writer.WriteString("datatype"u8, spec.DataType);
            WriteShape(writer, spec.Shape);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteAnswer(Utf8JsonWriter writer, string? id, TensorPrediction answer)
    {
        writer.WriteStartObject();
        writer.WriteString("model_name"u8, answer.Model);
        writer.WriteString("model_version"u8, answer.Version);
        if (id is not null)
        {
            writer.WriteString("id"u8, id);
        }

        writer.WriteStartObject("parameters"u8);
        writer.WriteString("digest"u8, answer.Digest);
        if (answer.PredictionId is { } prediction)
        {
            writer.WriteString("prediction_id"u8, prediction);
        }

        writer.WriteEndObject();
        writer.WriteStartArray("outputs"u8);
        foreach (var output in answer.Outputs)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, output.Name);
            writer.WriteString("datatype"u8, TensorElementTypes.NameOf(output.ElementType));
            WriteShape(writer, output.Shape);
            writer.WritePropertyName("data"u8);
            WireTensors.WriteData(writer, output);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteShape(Utf8JsonWriter writer, long[] shape)
    {
        writer.WriteStartArray("shape"u8);
        foreach (var dimension in shape)
        {
            writer.WriteNumberValue(dimension);
        }

        writer.WriteEndArray();
    }
}
