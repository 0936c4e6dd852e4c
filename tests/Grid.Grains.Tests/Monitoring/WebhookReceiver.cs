using System.Collections.Concurrent;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace Grid.Grains.Tests.Monitoring;

/// <summary>Takes webhooks on a port, or refuses the first few.</summary>
internal sealed class WebhookReceiver : IAsyncDisposable
{
    private readonly WebApplication _app;
    private int _refusals;

    private WebhookReceiver(WebApplication app, int refusals) => (_app, _refusals) = (app, refusals);

    /// <summary>What came, with its signature.</summary>
    public ConcurrentQueue<(byte[] Body, string Signature)> Taken { get; } = new();

    public static async Task<WebhookReceiver> StartAsync(int port, int refusals = 0)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls(FormattableString.Invariant($"http://127.0.0.1:{port}"));
        var receiver = new WebhookReceiver(builder.Build(), refusals);
        receiver._app.MapPost("/hook", receiver.TakeAsync);
        await receiver._app.StartAsync();
        return receiver;
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    private async Task<IResult> TakeAsync(HttpRequest request)
    {
        if (Interlocked.Decrement(ref _refusals) >= 0)
        {
            return Results.StatusCode(500);
        }

        using var body = new MemoryStream();
        await request.Body.CopyToAsync(body);
        Taken.Enqueue((body.ToArray(), request.Headers["Grid-Signature"].ToString()));
        return Results.Ok();
    }
}
