using Grid.Inference.Tests.Support;
using Grid.Silo.Tests.Support;

namespace Grid.Silo.Tests;

/// <summary>Uploads that are no model: refused by the name of the file, nothing registered, the good versions serve on.</summary>
public sealed class BadModelTests(StrictSiloFixture silo) : IClassFixture<StrictSiloFixture>, IAsyncLifetime
{
    private readonly HttpClient _http = silo.Http;
    private string _before = "";

    public async ValueTask InitializeAsync()
    {
        using var created = await _http.SendAsync(HttpMethod.Put, $"{Flights.Root}/tenants/known", "{}");
        _before = await ModelsAsync();
    }

    /// <summary>Whatever was uploaded: the catalogue is as before, no upload is left on disk, and predictions go on.</summary>
    public async ValueTask DisposeAsync()
    {
        Assert.Equal(_before, await ModelsAsync());
        var uploads = Path.Combine(silo.StateFolder, "uploads");
        Assert.Empty(Directory.Exists(uploads) ? Directory.EnumerateFileSystemEntries(uploads) : []);
        var answer = await _http.PostJsonAsync($"{Flights.Root}/tenants/known/predict/{Flights.Model}", Flights.Predict);
        Assert.Equal("2", answer.GetProperty("version").GetString());
        GC.SuppressFinalize(this);
    }

    [Fact]
    public Task NotOnnx_IsNamed() => RefusesAsync(400, "model.onnx", "is no ONNX model", ("model.onnx", "this is a letter to a friend"u8.ToArray()));

    [Fact]
    public Task Empty_IsNamed() => RefusesAsync(400, "model.onnx", "is empty", ("model.onnx", []));

    [Fact]
    public Task Truncated_IsNamed() => RefusesAsync(400, "model.onnx", "truncated", ("model.onnx", Flights.Onnx("1")[..^1000]));

    [Fact]
    public Task Corrupt_IsNamed()
    {
        var bytes = Flights.Onnx("1");
        bytes.AsSpan(0, 64).Fill(0xff);
        return RefusesAsync(400, "model.onnx", "is no ONNX model", ("model.onnx", bytes));
    }

    [Fact]
    public Task Oversized_IsRefusedByItsSize() =>
        RefusesAsync(413, "model.onnx", $"over the limit of {StrictSiloFixture.MaxModelBytes} bytes", ("model.onnx", new byte[StrictSiloFixture.MaxModelBytes + 1]));

    [Theory]
    [InlineData("../weights.bin")]
    [InlineData("/etc/passwd")]
    public Task ExternalData_OutsideTheFolder_IsRefused(string location) =>
        RefusesAsync(400, "model.onnx", "is no plain relative path inside the model's folder", ("model.onnx", External(location)));

    [Fact]
    public Task ExternalData_ThatIsMissing_IsNamed() => RefusesAsync(400, "model.onnx", "'weights.bin', which does not exist", ("model.onnx", External("weights.bin")));

    [Theory]
    [InlineData("../model.onnx")]
    [InlineData("/tmp/model.onnx")]
    [InlineData(".hidden/model.onnx")]
    public Task FileName_ThatLeavesTheFolder_IsRefused(string name) => RefusesAsync(400, "file '", "is not a plain relative path", (name, Flights.Onnx("1")));

    [Fact]
    public Task ModelFileMissing_IsNamed() => RefusesAsync(400, "files", "have no model.onnx", ("notes.txt", "hello"u8.ToArray()));

    [Fact]
    public Task ManifestThatIsWrong_IsNamed() =>
        RefusesAsync(400, "inputs.colours", "", ("model.onnx", Flights.Onnx("1")), ("model.yaml", "inputs:\n  colours:\n    - request: red\n"u8.ToArray()));

    [Fact]
    public Task SameFileTwice_IsNamed() => RefusesAsync(400, "file 'model.onnx'", "is sent twice", ("model.onnx", Flights.Onnx("1")), ("model.onnx", Flights.Onnx("2")));

    [Fact]
    public async Task NotMultipart_SaysHowToSend() =>
        (await _http.RefusedAsync(HttpMethod.Put, $"{Flights.Root}/models/bad/versions/1", "bytes", "application/octet-stream")).Says(400, "header 'Content-Type'", "application/octet-stream", "multipart/form-data");

    [Fact]
    public async Task VersionThere_WithOtherBytes_IsAConflict()
    {
        using var response = await _http.PushAsync(Flights.Model, "1", ("model.onnx", Flights.Onnx("2")));
        (await Problem.ReadAsync(response)).Says(409, "version '1' of model 'flights-late'", "is registered with other bytes", "new version");
    }

    private static byte[] External(string location) =>
        new OnnxBuilder().ExternalInitializer("w", [4, 4], location).Node("MatMul", ["x", "w"], ["y"])
            .Input("x", OnnxBuilder.Float, null, 4).Output("y", OnnxBuilder.Float, null, 4).Build();

    private async Task RefusesAsync(int status, string target, string message, params (string Name, byte[] Bytes)[] files)
    {
        using var response = await _http.PushAsync("bad", "1", files);
        (await Problem.ReadAsync(response)).Says(status, target, message, "");
    }

    private async Task<string> ModelsAsync() =>
        (await _http.GetJsonAsync($"{Flights.Root}/models")).ToString() + await _http.GetJsonAsync($"{Flights.Root}/models/{Flights.Model}/versions/1");
}
