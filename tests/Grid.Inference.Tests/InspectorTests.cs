using Grid.Inference.Signatures;
using Grid.Inference.Tests.Support;
using Grid.Primitives;

namespace Grid.Inference.Tests;

public sealed class InspectorTests : IDisposable
{
    private readonly TempFolder _folder = new();

    public static TheoryData<string, string, string> Models => new()
    {
        { Path.Combine(TestFiles.Flights("1"), "model.onnx"), "features: FP32[N,24]", "label: INT64[N]; probabilities: FP32[N,2]" },
        { Path.Combine(TestFiles.Flights("2"), "model.onnx"), "features: FP32[N,24]", "label: INT64[N]; probabilities: FP32[N,2]" },
        { TestFiles.Bench("mlp32.onnx"), "input: FP32[batch,32]", "output: FP32[batch,2]" },
        { TestFiles.Bench("gbt32.onnx"), "input: FP32[batch,32]", "output: FP32[batch,1]" },
        { Path.Combine(TestFiles.Models, "wakeword_hello_deepa.onnx"), "onnx::Flatten_0: FP32[1,25,96]", "39: FP32[1,1]" },
        { Path.Combine(TestFiles.Models, "ppocr_cls_v2.onnx"), "x: FP32[p2o.DynamicDimension.0,3,p2o.DynamicDimension.1,p2o.DynamicDimension.2]", "softmax_0.tmp_0: FP32[p2o.DynamicDimension.3,2]" },
        { Path.Combine(TestFiles.Models, "silero_vad_16k_op15.onnx"), "input: FP32[batch,sequence]; state: FP32[2,batch,128]; sr: INT64[]", "output: FP32[batch,1]; stateN: FP32[AddstateN_dim_0,batch,AddstateN_dim_2]" },
    };

    public void Dispose() => _folder.Dispose();

    [Theory]
    [MemberData(nameof(Models))]
    public void RealModel_ShowsItsInputsAndOutputs(string path, string inputs, string outputs)
    {
        var signature = OnnxInspector.Inspect(path);

        Assert.Equal(inputs, string.Join("; ", signature.Inputs));
        Assert.Equal(outputs, string.Join("; ", signature.Outputs));
        Assert.NotEmpty(signature.Opsets);
        Assert.Equal(new FileInfo(path).Length, signature.WeightBytes);
    }

    [Fact]
    public void WeightListedAsInput_IsNoInput()
    {
        var onnx = new OnnxBuilder().Initializer("w", [1], [1f]).Node("Add", ["x", "w"], ["y"])
            .Input("x", OnnxBuilder.Float, null, 3).Input("w", OnnxBuilder.Float, 1).Output("y", OnnxBuilder.Float, null, 3).Build();

        Assert.Equal("x: FP32[d0,3]", Assert.Single(Inspect(onnx).Inputs).ToString());
    }

    [Fact]
    public void MissingFile_IsNamed() => Fails(() => OnnxInspector.Inspect(Path.Combine(_folder.Path, "no.onnx")), GridErrorCode.NotFound, "no.onnx", "does not exist");

    [Fact]
    public void EmptyFile_IsNamed() => Fails([], GridErrorCode.InvalidArgument, "is empty");

    [Fact]
    public void TextFile_IsNoModel() => Fails("this is no model, it is a letter to a friend"u8.ToArray(), GridErrorCode.InvalidArgument, "is no ONNX model");

    [Fact]
    public void LargeFile_IsRefusedByItsSize()
    {
        var path = _folder.Write("model.onnx", OnnxBuilder.Identity(OnnxBuilder.Float, null, 3));
        Fails(() => OnnxInspector.Inspect(path, maxBytes: 10), GridErrorCode.TooLarge, "the limit is 10");
    }

    [Fact]
    public void AnyPrefixOfAModel_IsRefusedAndNeverCrashes()
    {
        var onnx = File.ReadAllBytes(TestFiles.Bench("mlp32.onnx"));
        for (var length = 1; length < onnx.Length; length += length < 2000 ? 1 : 97)
        {
            var part = onnx[..length];
            var exception = Record.Exception(() => Inspect(part));
            // The bytes end with the operator sets: without those alone the graph is still whole.
            Assert.True(exception is GridException || length > onnx.Length - 16, $"{length} of {onnx.Length} bytes: {exception?.ToString() ?? "accepted"}");
        }
    }

    [Fact]
    public void FlippedBytes_NeverThrowAnythingButAGridException()
    {
        var onnx = File.ReadAllBytes(TestFiles.Bench("mlp32.onnx"));
        var random = new Random(7);
        for (var i = 0; i < 300; i++)
        {
            var broken = (byte[])onnx.Clone();
            // The first bytes and the last ones hold the structure; the middle is weights.
            broken[i % 2 == 0 ? random.Next(200) : onnx.Length - 1 - random.Next(300)] = (byte)random.Next(256);
            var exception = Record.Exception(() => Inspect(broken));
            Assert.True(exception is null or GridException, $"round {i}: {exception}");
        }
    }

    [Fact]
    public void DeepNesting_IsRefused() =>
        Fails(new OnnxBuilder().Nested(500).Input("x", 1, 1).Output("y", 1, 1).Build(), GridErrorCode.InvalidArgument, "nests over");

    [Theory]
    [InlineData(OnnxBuilder.Int4, "INT4")]
    [InlineData(17, "FLOAT8E4M3FN")]
    [InlineData(14, "COMPLEX64")]
    [InlineData(99, "type 99")]
    public void TypeThatIsNotOffered_IsNamed(int type, string name) => Fails(OnnxBuilder.Identity(type, null, 3), GridErrorCode.Unsupported, $"type {name}".Replace("type type", "type", StringComparison.Ordinal));

    [Fact]
    public void SequenceOutput_IsRefused() =>
        Fails(new OnnxBuilder().Node("SequenceConstruct", ["x"], ["s"]).Input("x", 1, null, 3).SequenceOutput("s").Build(), GridErrorCode.Unsupported, "'s' is a sequence");

    [Theory]
    [InlineData("/etc/passwd")]
    [InlineData("../weights.bin")]
    [InlineData("a/../../weights.bin")]
    [InlineData("C:\\weights.bin")]
    [InlineData("")]
    public void ExternalDataOutsideTheFolder_IsRefused(string location)
    {
        _folder.Write("weights.bin", new byte[64]);
        Fails(External(location), GridErrorCode.InvalidArgument, "is no plain relative path inside the model's folder", "model/model.onnx");
    }

    [Fact]
    public void ExternalDataBehindALinkOut_IsRefused()
    {
        var outside = _folder.Write("outside.bin", new byte[64]);
        Directory.CreateDirectory(Path.Combine(_folder.Path, "model"));
        File.CreateSymbolicLink(Path.Combine(_folder.Path, "model/weights.bin"), outside);
        Fails(External("weights.bin"), GridErrorCode.InvalidArgument, "is a link out of the model's folder", "model/model.onnx");
    }

    [Fact]
    public void ExternalDataThatIsMissing_IsNamed() => Fails(External("weights.bin"), GridErrorCode.InvalidArgument, "'weights.bin', which does not exist", "model/model.onnx");

    [Theory]
    [InlineData("0", "64")]
    [InlineData("60", "8")]
    [InlineData("100", null)]
    [InlineData("-4", "8")]
    [InlineData("0", "9223372036854775807")]
    public void ExternalDataThatIsShort_IsNamed(string offset, string? length)
    {
        _folder.Write("model/weights.bin", new byte[63]);
        Fails(External("weights.bin", offset, length), GridErrorCode.InvalidArgument, "which has 63", "model/model.onnx");
    }

    [Fact]
    public void ExternalDataThatIsThere_IsListed()
    {
        _folder.Write("weights.bin", new byte[64]);
        var signature = Inspect(External("weights.bin", "0", "64"));
        Assert.Equal("weights.bin", Assert.Single(signature.ExternalFiles));
    }

    private static byte[] External(string location, string? offset = null, string? length = null) =>
        new OnnxBuilder().ExternalInitializer("w", [4, 4], location, offset, length).Node("MatMul", ["x", "w"], ["y"])
            .Input("x", OnnxBuilder.Float, null, 4).Output("y", OnnxBuilder.Float, null, 4).Build();

    private static void Fails(Action act, GridErrorCode code, params string[] parts)
    {
        var exception = Assert.Throws<GridException>(act);
        Assert.Equal(code, exception.Code);
        Assert.All(parts, p => Assert.Contains(p, exception.Message, StringComparison.Ordinal));
    }

    private ModelSignature Inspect(byte[] onnx, string name = "model.onnx") => OnnxInspector.Inspect(_folder.Write(name, onnx));

    private void Fails(byte[] onnx, GridErrorCode code, string part, string name = "model.onnx") => Fails(() => Inspect(onnx, name), code, part, Path.Combine(_folder.Path, name));
}
