using System.Globalization;
using System.Text.Json;
using Grid.Silo.Tests.Support;

namespace Grid.Silo.Tests;

/// <summary>The Open Inference Protocol over HTTP as its clients use it.</summary>
public sealed class OipTests(SiloFixture silo) : IClassFixture<SiloFixture>
{
    private const string Model = "/v2/models/flights-late";

    private static readonly string Row = string.Join(",", Enumerable.Range(1, 24).Select(static i => i.ToString(CultureInfo.InvariantCulture)));

    private readonly HttpClient _http = silo.Http;

    [Theory]
    [InlineData("/v2/health/live", "live")]
    [InlineData("/v2/health/ready", "ready")]
    [InlineData($"{Model}/ready", "ready")]
    [InlineData($"{Model}/versions/2/ready", "ready")]
    public async Task Health_IsTrue(string path, string flag) => Assert.True((await _http.GetJsonAsync(path)).GetProperty(flag).GetBoolean());

    [Fact]
    public async Task Metadata_OfServerAndModel()
    {
        Assert.Equal("grid", (await _http.GetJsonAsync("/v2")).GetProperty("name").GetString());
        var model = await _http.GetJsonAsync(Model);
        Assert.Equal("flights-late", model.GetProperty("name").GetString());
        Assert.Equal(["1", "2"], model.GetProperty("versions").EnumerateArray().Select(static v => v.GetString()));
        Assert.Equal("features FP32 [-1,24]", Spec(model.GetProperty("inputs")[0]));
        Assert.Equal(["label INT64 [-1]", "probabilities FP32 [-1,2]"], model.GetProperty("outputs").EnumerateArray().Select(Spec));
    }

    [Fact]
    public async Task Infer_FlatAndNested_EqualTheEntityPath()
    {
        var prediction = await _http.PostJsonAsync($"{Flights.Root}/tenants/oip/predict/{Flights.Model}", Flights.Predict);
        var features = string.Join(",", prediction.GetProperty("features").EnumerateArray().Select(static f => f.GetRawText()));
        var p = prediction.GetProperty("outputs").GetProperty("p_late").GetSingle();

        var flat = await _http.PostJsonAsync($"{Model}/infer", Body($"[{features}]"));
        var nested = await _http.PostJsonAsync($"{Model}/infer", Body($"[[{features}]]"));

        Assert.Equal("r1", flat.GetProperty("id").GetString());
        Assert.Equal("2", flat.GetProperty("model_version").GetString());
        Assert.Equal(p, Probability(flat), 6);
        Assert.Equal(flat.GetProperty("outputs").ToString(), nested.GetProperty("outputs").ToString());
    }

    [Fact]
    public async Task Infer_PinnedVersion_AnswersWithIt() =>
        Assert.Equal("1", (await _http.PostJsonAsync($"{Model}/versions/1/infer", Body($"[{Row}]"))).GetProperty("model_version").GetString());

    [Fact]
    public async Task Infer_WrongName_SaysWhatIsAllowed() =>
        Assert.Equal("unexpected inference input 'colours', allowed inputs are: features", await RefusedAsync(400, Body($"[{Row}]", name: "colours")));

    [Fact]
    public async Task Infer_WrongShape_SaysWhatIsExpected() =>
        Assert.Equal("unexpected shape for input 'features'. Expected [-1,24], got [1,3]", await RefusedAsync(400, Body("[1,2,3]", "[1,3]")));

    [Fact]
    public async Task Infer_WrongType_SaysWhatIsExpected() =>
        Assert.Equal("inference input 'features' data-type is 'INT64', but the model expects 'FP32'", await RefusedAsync(400, Body($"[{Row}]", type: "INT64")));

    [Fact]
    public async Task Infer_MissingInput_IsNamed() =>
        Assert.Equal("expected 1 inputs but got 0 inputs. Missing: features", await RefusedAsync(400, """{"inputs":[]}"""));

    [Fact]
    public async Task Infer_UnknownOutput_SaysWhatIsAllowed() =>
        Assert.Equal(
            "unexpected inference output 'colour', allowed outputs are: label, probabilities",
            await RefusedAsync(400, Body($"[{Row}]")[..^1] + ""","outputs":[{"name":"colour"}]}"""));

    [Theory]
    [InlineData("/v2/models/no-model/infer", "Request for unknown model: 'no-model' is not found")]
    [InlineData($"{Model}/versions/9/infer", "Request for unknown model: 'flights-late' version 9 is not found")]
    public async Task Infer_UnknownModelOrVersion_IsNotFound(string path, string error) => Assert.Equal(error, await RefusedAsync(404, Body($"[{Row}]"), path));

    [Theory]
    [InlineData("[-1,24]")]
    [InlineData("[9223372036854775807,24]")]
    [InlineData("[9223372036854775807,9223372036854775807]")]
    [InlineData("[2147483647,2]")]
    [InlineData("[0,24]")]
    [InlineData("[1,25]")]
    [InlineData("[]")]
    [InlineData("[1.5,24]")]
    [InlineData("[99999999999999999999,24]")]
    [InlineData("\"1,24\"")]
    [InlineData("null")]
    public async Task Infer_ShapeThatCannotBe_IsTheCallersFault(string shape) => await IsCallersFaultAsync(Body($"[{Row}]", shape));

    [Theory]
    [InlineData("")]
    [InlineData("{")]
    [InlineData("[]")]
    [InlineData("{}")]
    [InlineData("""{"inputs":null}""")]
    [InlineData("""{"inputs":[7]}""")]
    [InlineData("""{"inputs":[{"name":"features","shape":[1,24],"datatype":"FP32"}]}""")]
    [InlineData("""{"inputs":[{"name":"features","shape":[1,24],"datatype":"FP99","data":[1]}]}""")]
    [InlineData("""{"inputs":[{"name":"features","shape":[1,1],"datatype":"FP32","data":[1e999]}]}""")]
    [InlineData("""{"inputs":[{"name":"features","shape":[1,1],"datatype":"FP32","data":["x"]}]}""")]
    [InlineData("""{"inputs":[{"name":"features","shape":[2,2],"datatype":"FP32","data":[[1,2],[3]]}]}""")]
    [InlineData("""{"inputs":[{"name":"features","shape":[1,1],"datatype":"FP32","data":[[[[[[1]]]]]]}]}""")]
    public async Task Infer_BodyThatIsWrong_IsTheCallersFault(string body) => await IsCallersFaultAsync(body);

    [Fact]
    public async Task UnknownPath_AnswersInTheProtocolsForm()
    {
        using var response = await _http.GetAsync("/v2/nothing", TestContext.Current.CancellationToken);
        Assert.Equal(404, (int)response.StatusCode);
        Assert.Contains("is not an endpoint", await ErrorAsync(response), StringComparison.Ordinal);
    }

    private static string Body(string data, string shape = "[1,24]", string name = "features", string type = "FP32") =>
        $$"""{"id":"r1","inputs":[{"name":"{{name}}","shape":{{shape}},"datatype":"{{type}}","data":{{data}} }]}""";

    private static string Spec(JsonElement spec) =>
        $"{spec.GetProperty("name").GetString()} {spec.GetProperty("datatype").GetString()} {spec.GetProperty("shape").GetRawText()}";

    private static float Probability(JsonElement answer) =>
        answer.GetProperty("outputs").EnumerateArray().Single(static o => o.GetProperty("name").GetString() == "probabilities").GetProperty("data")[1].GetSingle();

    private static async Task<string> ErrorAsync(HttpResponseMessage response) =>
        JsonDocument.Parse(await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)).RootElement.GetProperty("error").GetString()!;

    private async Task<string> RefusedAsync(int status, string body, string path = $"{Model}/infer")
    {
        using var response = await _http.SendAsync(HttpMethod.Post, path, body);
        var error = await ErrorAsync(response);
        Assert.True((int)response.StatusCode == status, $"{(int)response.StatusCode}: {error}");
        return error;
    }

    /// <summary>Refused with 4xx and a sentence; the next good request is answered.</summary>
    private async Task IsCallersFaultAsync(string body)
    {
        using var response = await _http.SendAsync(HttpMethod.Post, $"{Model}/infer", body);
        Assert.InRange((int)response.StatusCode, 400, 499);
        Assert.NotEmpty(await ErrorAsync(response));
        await _http.PostJsonAsync($"{Model}/infer", Body($"[{Row}]"));
    }
}
