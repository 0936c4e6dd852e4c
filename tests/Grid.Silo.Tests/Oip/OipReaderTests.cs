using Grid.Abstractions;
using Grid.Primitives;
using Grid.Silo.Oip;
using Grid.Silo.Tests.Reading;

namespace Grid.Silo.Tests.Oip;

public sealed class OipReaderTests
{
    private const string Input = """{"name":"x","shape":[1,2],"datatype":"FP32","data":[1,2]}""";

    [Fact]
    public void Request_WithMembersInAnyOrder_IsRead()
    {
        var request = Refusals.Read(
            """{"model_name":"m","outputs":[{"name":"y"}],"parameters":{"timeout":2500,"priority":1,"custom":{"a":[1]}},"inputs":[{"data":[[1,2]],"datatype":"FP32","shape":[1,2],"name":"x"}],"id":"42"}""",
            OipReader.Read);

        Assert.Equal("42", request.Id);
        Assert.Equal(["y"], request.Outputs);
        Assert.Equal(TimeSpan.FromMicroseconds(2500), request.Deadline);
        Assert.Equal([1f, 2f], Assert.Single(request.Inputs).AsSpan<float>().ToArray());
    }

    [Theory]
    [InlineData("""{"inputs":[{"name":"x","shape":[-1],"datatype":"FP32","data":[1]}]}""", "inputs[0].shape[0]", "a whole number of 0 or more")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1.5],"datatype":"FP32","data":[1]}]}""", "inputs[0].shape[0]", "is the number 1.5")]
    [InlineData("""{"inputs":[{"name":"x","shape":[99999999999999999999],"datatype":"FP32","data":[1]}]}""", "inputs[0].shape[0]", "whole number")]
    [InlineData("""{"inputs":[{"name":"x","shape":[9223372036854775807,9],"datatype":"FP32","data":[1]}]}""", "tensor 'x'", "elements")]
    [InlineData("""{"inputs":[{"name":"x","shape":"1","datatype":"FP32","data":[1]}]}""", "inputs[0].shape", "an array of dimensions")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FLOAT","data":[1]}]}""", "input 'x'", "unknown datatype 'FLOAT'")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP16","data":[1]}]}""", "input 'x'", "receiving FP16 data via JSON is not supported. Please use the binary data format")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32"}]}""", "inputs[0].data", "is missing")]
    [InlineData("""{"inputs":[{"shape":[1],"datatype":"FP32","data":[1]}]}""", "inputs[0].name", "is missing")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1],"dtype":1}]}""", "inputs[0].dtype", "is not known")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":[1]},{"name":"x","shape":[1],"datatype":"FP32","data":[1]}]}""", "input 'x'", "is given twice")]
    [InlineData("""{"inputs":[],"outputs":[{"name":"y"},{"name":"y"}]}""", "output 'y'", "twice")]
    [InlineData("""{"outputs":[]}""", "inputs", "is missing")]
    [InlineData("""{"inputs":[],"parameters":{"timeout":-1}}""", "parameters.timeout", "whole number")]
    public void WrongRequest_IsRefusedByName(string json, string target, string message)
    {
        var error = Refusals.Of(json, OipReader.Read);
        Assert.Equal(target, error.Target);
        Assert.Contains(message, error.Message, StringComparison.Ordinal);
        Assert.InRange(OipDoor.StatusOf(error.Code), 400, 413);
    }

    [Theory]
    [InlineData("""{"inputs":[{{Input}}],"parameters":{"binary_data_output":true}}""", "binary_data_output")]
    [InlineData("""{"inputs":[{{Input}}],"parameters":{"sequence_id":7}}""", "sequence_id")]
    [InlineData("""{"inputs":[{{Input}}],"parameters":{"sequence_id":"seven"}}""", "sequence_id")]
    [InlineData("""{"inputs":[{{Input}}],"outputs":[{"name":"y","parameters":{"binary_data":true}}]}""", "binary_data")]
    [InlineData("""{"inputs":[{{Input}}],"outputs":[{"name":"y","parameters":{"classification":3}}]}""", "classification")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","parameters":{"binary_data_size":4}}]}""", "binary_data_size")]
    [InlineData("""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","parameters":{"shared_memory_region":"r"}}]}""", "shared_memory_region")]
    public void WhatIsNotOffered_IsRefusedByName_NeverIgnored(string json, string parameter)
    {
        var error = Refusals.Of(json.Replace("{{Input}}", Input, StringComparison.Ordinal), OipReader.Read);
        Assert.Equal((GridErrorCode.Unsupported, $"parameter '{parameter}'"), (error.Code, error.Target));
    }

    [Theory]
    [InlineData("""{"inputs":[{{Input}}],"parameters":{"binary_data_output":false,"sequence_id":0}}""")]
    [InlineData("""{"inputs":[{{Input}}],"parameters":{"sequence_id":"","timeout":0}}""")]
    [InlineData("""{"inputs":[{{Input}}],"outputs":[{"name":"y","parameters":{"binary_data":false,"classification":0}}]}""")]
    public void NothingAskedFor_IsNotRefused(string json) =>
        Assert.Single(Refusals.Read(json.Replace("{{Input}}", Input, StringComparison.Ordinal), OipReader.Read).Inputs);

    [Fact]
    public void DeepData_IsRefused_NotFollowed()
    {
        var json = $$"""{"inputs":[{"name":"x","shape":[1],"datatype":"FP32","data":{{new string('[', 10_000)}}1{{new string(']', 10_000)}}}]}""";
        Assert.Equal(GridErrorCode.InvalidArgument, Refusals.Of(json, OipReader.Read).Code);
    }

    [Fact]
    public void ShapeOfManyDimensions_AndTooManyInputs_AreRefused()
    {
        var dimensions = string.Join(',', Enumerable.Repeat("1", 1000));
        Assert.Equal("inputs[0].shape[32]", Refusals.Of($$"""{"inputs":[{"name":"x","shape":[{{dimensions}}],"datatype":"FP32","data":[1]}]}""", OipReader.Read).Target);
        var inputs = string.Join(',', Enumerable.Range(0, 1025).Select(static i => $$"""{"name":"x{{i}}","shape":[0],"datatype":"FP32","data":[]}"""));
        Assert.Equal(GridErrorCode.TooLarge, Refusals.Of($$"""{"inputs":[{{inputs}}]}""", OipReader.Read).Code);
    }

    [Fact]
    public void Diagnosis_UsesTheWordingThatClientsMatchOn()
    {
        var version = new VersionInfo("w", "m", "1", "d", VersionState.Live, [], [new("a", "FP32", [-1, 2]), new("b", "INT64", [-1])], [new("y", "FP32", [-1])], null, 0, []);
        var a = Tensor.Create<float>("a", TensorElementType.FP32, [1, 2], [1, 2]);
        var b = Tensor.Create<long>("b", TensorElementType.Int64, [1], [1]);

        Assert.Null(OipDiagnosis.CheckInputs(version, [b, a]));
        Assert.Equal("unexpected inference input 'X', allowed inputs are: a, b", Inputs(version, a, Tensor.Create<long>("X", TensorElementType.Int64, [1], [1])));
        Assert.Equal("inference input 'a' data-type is 'FP64', but the model expects 'FP32'", Inputs(version, Tensor.Create<double>("a", TensorElementType.FP64, [1, 2], [1, 2]), b));
        Assert.Equal("unexpected shape for input 'a'. Expected [-1,2], got [1,3]", Inputs(version, Tensor.Create<float>("a", TensorElementType.FP32, [1, 3], [1, 2, 3]), b));
        Assert.Equal("expected 2 inputs but got 1 inputs. Missing: b", Inputs(version, a));
        Assert.Null(OipDiagnosis.CheckOutputs(version, null));
        Assert.Equal("unexpected inference output 'Z', allowed outputs are: y", OipDiagnosis.CheckOutputs(version, ["y", "Z"])!.Message);
    }

    private static string? Inputs(VersionInfo version, params Tensor[] inputs) => OipDiagnosis.CheckInputs(version, inputs)?.Message;
}
