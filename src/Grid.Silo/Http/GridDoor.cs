using Grid.Client;
using Grid.Client.Wire;
using Grid.Primitives;
using Grid.Silo.Http.Json;
using Microsoft.Extensions.Options;

namespace Grid.Silo.Http;

/// <summary>What every endpoint of the HTTP API does around its own work: the workspace's client, limits, and errors as problem details.</summary>
internal sealed class GridDoor(IGridClientFactory clients, IOptions<GridHttpOptions> options, ILogger<GridDoor> logger)
{
    public GridHttpOptions Limits { get; } = options.Value;

    /// <summary>Makes a request delegate of a handler.</summary>
    public static RequestDelegate Open(GridHandler handler) => async context =>
    {
        var door = context.RequestServices.GetRequiredService<GridDoor>();
        try
        {
            await handler(context, door.ClientOf(context));
        }
        catch (Exception e)
        {
            await door.AnswerAsync(context, e);
        }
    };

    /// <summary>Reads and parses the request's JSON.</summary>
    public static async ValueTask<T> ReadAsync<T>(HttpContext context, JsonRead<T> read)
    {
        using var body = await RequestBody.ReadAsync(context.Request, LimitsOf(context).MaxBodyBytes, context.RequestAborted);
        return JsonCursor.Parse(body.Bytes.Span, read);
    }

    public static GridHttpOptions LimitsOf(HttpContext context) => context.RequestServices.GetRequiredService<GridDoor>().Limits;

    /// <summary>The errors of an exception as a caller should see them.</summary>
    public static IReadOnlyList<GridError> ErrorsOf(Exception exception) => exception switch
    {
        GridException e => e.Errors,
        BadHttpRequestException { StatusCode: 413 } e => [new GridError(GridErrorCode.TooLarge, "body", e.Message, "Send it in parts.")],
        BadHttpRequestException { StatusCode: 408 } e => [new GridError(GridErrorCode.DeadlineExceeded, "body", e.Message, "Send it faster.")],
        BadHttpRequestException e => [GridError.Invalid("request", e.Message, "Send valid HTTP.")],
        TimeoutException => [new GridError(GridErrorCode.DeadlineExceeded, "request", "was not answered inside the grid in time.", "Try again.", 1000)],
        _ => [new GridError(GridErrorCode.Internal, "request", "failed for a reason that is not the caller's.", "The silo's log says more.")],
    };

    /// <summary>What belongs to no workspace is asked of any.</summary>
    private IGridClient ClientOf(HttpContext context) =>
        clients.ForWorkspace(context.Request.RouteValues.ContainsKey("workspace") ? RouteText.Of(context, "workspace") : GridNames.DefaultWorkspace);

    private ValueTask AnswerAsync(HttpContext context, Exception exception)
    {
        var method = context.Request.Method;
        var path = context.Request.Path.Value ?? "";
        if (context.RequestAborted.IsCancellationRequested)
        {
            // Nobody is there to read an answer; the status is for the metrics.
            context.Response.StatusCode = context.Response.HasStarted ? context.Response.StatusCode : WireErrors.ClientClosedRequest;
            return ValueTask.CompletedTask;
        }

        var errors = ErrorsOf(exception);
        if (errors[0].Code == GridErrorCode.Internal)
        {
            logger.Failed(exception, method, path);
        }
        else if (logger.IsEnabled(LogLevel.Debug))
        {
            logger.Refused(method, path, errors[0].ToString());
        }

        if (context.Response.HasStarted)
        {
            context.Abort();
            return ValueTask.CompletedTask;
        }

        return JsonAnswer.WriteProblemAsync(context, errors);
    }
}
