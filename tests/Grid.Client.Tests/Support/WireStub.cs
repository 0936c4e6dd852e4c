using System.Net;
using System.Text;
using System.Text.Json;
using Grid.Client.Wire;
using Grid.Primitives;

namespace Grid.Client.Tests.Support;

/// <summary>The wire itself: answers what the test says and keeps what was sent.</summary>
internal sealed class WireStub(Func<Sent, HttpResponseMessage> answer) : HttpMessageHandler
{
    public List<Sent> Requests { get; } = [];

    public static HttpResponseMessage Json(string json, HttpStatusCode status = HttpStatusCode.OK) =>
        new(status) { Content = new StringContent(json, Encoding.UTF8, "application/json") };

    public static HttpResponseMessage Problem(params GridError[] errors)
    {
        var problem = WireErrors.ToProblem(errors);
        return Json(JsonSerializer.Serialize(problem, WireContext.Default.ProblemBody), (HttpStatusCode)problem.Status);
    }

    public static HttpResponseMessage Prediction(string owner = "") =>
        Json($$$"""{"prediction_id":"p1","model":"m","version":"1","digest":"d","catalogue_revision":3,"entity":"e","as_of":"2001-01-31T10:00:00.000Z","outputs":{"p":0.25},"owner":"{{{owner}}}","local":true}""");

    public static HttpRequestException Refused() => new(HttpRequestError.ConnectionError, "Connection refused");

    public static HttpRequestException Broken() => new(HttpRequestError.ResponseEnded, "The response ended prematurely.");

    protected override async Task<HttpResponseMessage> SendAsync(HttpRequestMessage request, CancellationToken cancellationToken)
    {
        var sent = new Sent(request.Method, request.RequestUri!, request.Content is null ? "" : await request.Content.ReadAsStringAsync(cancellationToken));
        Requests.Add(sent);
        return answer(sent);
    }
}
