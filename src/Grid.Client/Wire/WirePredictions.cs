using System.Text.Json;
using Grid.Abstractions;

namespace Grid.Client.Wire;

/// <summary>Predictions in wire form.</summary>
public static class WirePredictions
{
    private static readonly JsonEncodedText Id = JsonEncodedText.Encode("prediction_id");
    private static readonly JsonEncodedText Model = JsonEncodedText.Encode("model");
    private static readonly JsonEncodedText Version = JsonEncodedText.Encode("version");
    private static readonly JsonEncodedText Arm = JsonEncodedText.Encode("arm");
    private static readonly JsonEncodedText Digest = JsonEncodedText.Encode("digest");
    private static readonly JsonEncodedText Revision = JsonEncodedText.Encode("catalogue_revision");
    private static readonly JsonEncodedText Entity = JsonEncodedText.Encode("entity");
    private static readonly JsonEncodedText AsOf = JsonEncodedText.Encode("as_of");
    private static readonly JsonEncodedText Outputs = JsonEncodedText.Encode("outputs");
    private static readonly JsonEncodedText Features = JsonEncodedText.Encode("features");
    private static readonly JsonEncodedText Owner = JsonEncodedText.Encode("owner");
    private static readonly JsonEncodedText Local = JsonEncodedText.Encode("local");
    private static readonly JsonEncodedText OwnershipAge = JsonEncodedText.Encode("ownership_age_ms");
    private static readonly JsonEncodedText Error = JsonEncodedText.Encode("error");

    /// <summary>Writes the same JSON as a <see cref="PredictionBody"/>, without making one: this is the request path.</summary>
    public static void Write(Utf8JsonWriter writer, Prediction prediction)
    {
        writer.WriteStartObject();
        if (prediction.Error is { } error)
        {
            writer.WriteString(Model, prediction.Model);
            writer.WriteString(Entity, prediction.Entity);
            writer.WritePropertyName(Error);
            JsonSerializer.Serialize(writer, WireErrors.ToBody(error), WireContext.Default.ErrorBody);
            writer.WriteEndObject();
            return;
        }

        Span<byte> time = stackalloc byte[WireTime.TextLength];
        new WireTime(prediction.AsOfMs).Format8(time);
        writer.WriteString(Id, prediction.Id);
        writer.WriteString(Model, prediction.Model);
        writer.WriteString(Version, prediction.Version);
        writer.WriteString(Arm, prediction.Arm);
        writer.WriteString(Digest, prediction.Digest);
        writer.WriteNumber(Revision, prediction.Revision);
        writer.WriteString(Entity, prediction.Entity);
        writer.WriteString(AsOf, time);
        writer.WriteStartObject(Outputs);
        var layout = prediction.Layout;
        var offset = 0;
        for (var i = 0; i < layout.Names.Length; i++)
        {
            writer.WritePropertyName(layout.Names[i]);
            WriteFloats(writer, prediction.Values.AsSpan(offset, layout.Lengths[i]), asScalar: layout.Lengths[i] == 1);
            offset += layout.Lengths[i];
        }

        writer.WriteEndObject();
        if (prediction.Features is { } features)
        {
            writer.WritePropertyName(Features);
            WriteFloats(writer, features, asScalar: features.Length == 1);
        }

        writer.WriteString(Owner, prediction.Owner);
        writer.WriteBoolean(Local, prediction.Local);
        if (prediction.OwnershipAgeMs > 0)
        {
            writer.WriteNumber(OwnershipAge, prediction.OwnershipAgeMs);
        }

        writer.WriteEndObject();
    }

    public static Prediction FromBody(PredictionBody body)
    {
        if (body.Error is { } error)
        {
            return Prediction.Failed(body.Model, body.Entity, WireErrors.FromBody(error));
        }

        var outputs = body.Outputs ?? [];
        return new Prediction
        {
            Id = body.PredictionId ?? "",
            Model = body.Model,
            Version = body.Version ?? "",
            Arm = body.Arm ?? "",
            Digest = body.Digest ?? "",
            Revision = body.CatalogueRevision,
            Entity = body.Entity,
            AsOfMs = body.AsOf?.UnixMs ?? 0,
            Layout = new OutputLayout([.. outputs.Keys], [.. outputs.Values.Select(v => v.Values.Length)]),
            Values = [.. outputs.Values.SelectMany(v => v.Values)],
            Features = body.Features?.Values,
            Owner = body.Owner ?? "",
            OwnershipAgeMs = body.OwnershipAgeMs ?? 0,
            Local = body.Local,
        };
    }

    private static void WriteFloats(Utf8JsonWriter writer, ReadOnlySpan<float> values, bool asScalar)
    {
        if (asScalar)
        {
            WireFloat.Write(writer, values[0]);
            return;
        }

        writer.WriteStartArray();
        foreach (var value in values)
        {
            WireFloat.Write(writer, value);
        }

        writer.WriteEndArray();
    }
}
