using System.Buffers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Serialization;
using CsCheck;
using Grid.Abstractions;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Client.Tests.Wire;

public sealed class PredictionTests
{
    // Unknown members are refused here, so that a member that only the writer knows shows.
    private static readonly WireContext Strict = new(new JsonSerializerOptions(WireContext.Default.Options) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow });

    private static readonly Gen<Prediction> AnyPrediction =
        from lengths in Gen.Int[1, 4].Array[0, 4]
        from values in Gen.OneOf(Gen.Float, Gen.OneOf(Gen.Const(float.NaN), Gen.Const(float.PositiveInfinity), Gen.Const(float.NegativeInfinity), Gen.Const(0f), Gen.Const(float.Epsilon))).Array[lengths.Sum()]
        from features in Gen.Float.Array[0, 5]
        from text in Gen.String[0, 8]
        from asOf in Gen.Long[0, 4_000_000_000_000]
        from flag in Gen.Bool
        from age in Gen.Long[0, 10]
        select new Prediction
        {
            Id = text,
            Model = "m",
            Version = "1",
            Digest = "sha256:x",
            Revision = age,
            Entity = text,
            AsOfMs = asOf,
            Layout = new OutputLayout([.. lengths.Select(static (_, i) => $"o{i}")], lengths),
            Values = values,
            Features = flag ? features : null,
            Owner = "http://o:1",
            Local = flag,
            OwnershipAgeMs = age,
        };

    [Fact]
    public void WhatTheWriterWrites_ReadsBackToTheBit() => AnyPrediction.Sample(
        static p =>
        {
            var back = WirePredictions.FromBody(JsonSerializer.Deserialize(Write(p), Strict.PredictionBody)!);
            Assert.Equal(p.Values.Select(BitConverter.SingleToInt32Bits), back.Values.Select(BitConverter.SingleToInt32Bits));
            Assert.Equal(p.Layout.Names, back.Layout.Names);
            Assert.Equal(p.Layout.Lengths, back.Layout.Lengths);
            Assert.Equal(p.Features, back.Features);
            Assert.Equal((p.Id, p.Entity, p.AsOfMs, p.Revision, p.Owner, p.Local, p.OwnershipAgeMs), (back.Id, back.Entity, back.AsOfMs, back.Revision, back.Owner, back.Local, back.OwnershipAgeMs));
        },
        iter: 2000);

    [Fact]
    public void Writer_AndRecord_MakeTheSameText()
    {
        var prediction = Make([0.31f, float.NaN, float.PositiveInfinity], ("p_late", 1), ("pair", 2));
        var written = Write(prediction);
        Assert.Equal(
            """{"prediction_id":"p","model":"m","version":"1","arm":"canary","digest":"d","catalogue_revision":7,"entity":"e","as_of":"2001-01-31T10:00:00.000Z","outputs":{"p_late":0.31,"pair":["NaN","Infinity"]},"owner":"http://o:1","local":true}""",
            Encoding.UTF8.GetString(written));
        Assert.Equal(Encoding.UTF8.GetString(written), JsonSerializer.Serialize(JsonSerializer.Deserialize(written, Strict.PredictionBody)!, WireContext.Default.PredictionBody));
    }

    [Fact]
    public void FailedItem_KeepsItsError()
    {
        var error = GridError.Invalid("values.x", "is missing.", "Send it.");
        var back = WirePredictions.FromBody(JsonSerializer.Deserialize(Write(Prediction.Failed("m", "e", error)), Strict.PredictionBody)!);
        Assert.Equal(error, back.Error);
        Assert.Equal(("m", "e"), (back.Model, back.Entity));
    }

    [Fact]
    public void MemberOfANewerSilo_IsPassedOver()
    {
        var body = JsonSerializer.Deserialize("""{"model":"m","entity":"e","novel":[1,{"a":2}],"catalogue_revision":1,"local":false}""", WireContext.Default.PredictionBody)!;
        Assert.Equal("m", body.Model);
    }

    private static Prediction Make(float[] values, params (string Name, int Length)[] outputs) => new()
    {
        Id = "p",
        Model = "m",
        Version = "1",
        Arm = "canary",
        Digest = "d",
        Revision = 7,
        Entity = "e",
        AsOfMs = 980_935_200_000,
        Layout = new OutputLayout([.. outputs.Select(static o => o.Name)], [.. outputs.Select(static o => o.Length)]),
        Values = values,
        Owner = "http://o:1",
        Local = true,
    };

    private static byte[] Write(Prediction prediction)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var writer = new Utf8JsonWriter(buffer))
        {
            WirePredictions.Write(writer, prediction);
        }

        return buffer.WrittenSpan.ToArray();
    }
}
