using System.Net;
using Grid.Client.Tests.Support;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Client.Tests.Http;

public sealed class ErrorTests
{
    [Fact]
    public async Task ProblemBody_BecomesTheSameErrors()
    {
        GridError[] errors =
        [
            new(GridErrorCode.InvalidArgument, "views[0].features[2].window", "is 0.", "Use 1h."),
            new(GridErrorCode.NotFound, "model 'm'", "is unknown.", null, null),
        ];
        var (client, _, _) = Clients.Make(_ => WireStub.Problem(errors));
        using (client)
        {
            var failure = await Clients.FailsAsync(client.Views.ApplyAsync("x"));
            Assert.Equal(errors, failure.Errors);
        }
    }

    [Fact]
    public void EveryCode_KeepsItsClassAndAStatusOfFailure()
    {
        foreach (var code in Enum.GetValues<GridErrorCode>())
        {
            var error = new GridError(code, "t", "m.", "f.", 5);
            Assert.Equal(error, WireErrors.FromBody(WireErrors.ToBody(error)));
            Assert.InRange(WireErrors.StatusOf(code), 400, 599);
            Assert.Equal(WireErrors.StatusOf(code), WireErrors.ToProblem([error]).Status);
        }
    }

    [Fact]
    public async Task CodeOfANewerSilo_ReadsAsInternal_WithItsText()
    {
        var (client, _, _) = Clients.Make(static _ => WireStub.Json("""{"status":418,"code":"teapot","target":"kettle","message":"is short.","novel":{"a":1}}""", (HttpStatusCode)418));
        using (client)
        {
            var error = (await Clients.FailsAsync(client.Models.ListAsync())).Error;
            Assert.Equal((GridErrorCode.Internal, "kettle", "is short."), (error.Code, error.Target, error.Message));
        }
    }

    [Fact]
    public async Task ErrorOfTheInferenceProtocol_KeepsTextAndStatus()
    {
        var (client, _, _) = Clients.Make(static _ => WireStub.Json("""{"error":"unexpected inference input 'X', allowed inputs are: Y"}""", HttpStatusCode.BadRequest));
        using (client)
        {
            var error = (await Clients.FailsAsync(client.InferAsync("m", [Tensor.Create<float>("X", TensorElementType.FP32, [1], [1f])]))).Error;
            Assert.Equal((GridErrorCode.InvalidArgument, "model 'm'"), (error.Code, error.Target));
            Assert.Contains("allowed inputs are: Y", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task PageOfSomethingElse_SaysWhoAnsweredWhat()
    {
        var (client, _, _) = Clients.Make(static _ => new HttpResponseMessage(HttpStatusCode.Forbidden) { Content = new StringContent("<html>\nno entry</html>") });
        using (client)
        {
            var error = (await Clients.FailsAsync(client.Models.ListAsync())).Error;
            Assert.Equal(GridErrorCode.InvalidArgument, error.Code);
            Assert.Contains("http://a:1 with status 403: <html> no entry", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public async Task AnswerThatIsNotTheJsonExpected_IsNotTakenForOne()
    {
        var (client, _, _) = Clients.Make(static _ => WireStub.Json("<html>"));
        using (client)
        {
            Assert.Equal(GridErrorCode.Internal, (await Clients.FailsAsync(client.Models.ListAsync())).Code);
        }
    }

    [Theory]
    [InlineData("../admin")]
    [InlineData("")]
    [InlineData("a/b")]
    [InlineData("a?b")]
    public async Task NameThatIsNotAName_IsRefusedBeforeAnythingIsSent(string name)
    {
        var (client, wire, _) = Clients.Make(static _ => WireStub.Json("{}"));
        using (client)
        {
            await Clients.FailsAsync(client.PredictAsync(name, "t", "e"));
            await Clients.FailsAsync(client.PredictAsync("m", name, "e"));
            await Clients.FailsAsync(client.Models.GetVersionAsync("m", name));
            await Clients.FailsAsync(client.Tenants.GetAsync(name));
            await Clients.FailsAsync(client.ReadFeaturesAsync("t", name, "e"));
            await Clients.FailsAsync(client.InferAsync("m", [], name));
        }

        Assert.Empty(wire.Requests);
    }

    [Fact]
    public async Task ValueThatIsNotFinite_IsRefusedByName()
    {
        var (client, wire, _) = Clients.Make(static _ => WireStub.Prediction());
        using (client)
        {
            Assert.Equal("values.x", (await Clients.FailsAsync(client.PredictAsync("m", "t", "e", new Dictionary<string, double> { ["x"] = double.NaN }))).Error.Target);
            var append = await Clients.FailsAsync(client.AppendAsync("t", [new GridEvent("tap", DateTimeOffset.UnixEpoch, "k1", new Dictionary<string, object?> { ["n"] = double.PositiveInfinity })]));
            Assert.Equal("event 'k1', field 'n'", append.Error.Target);
        }

        Assert.Empty(wire.Requests);
    }
}
