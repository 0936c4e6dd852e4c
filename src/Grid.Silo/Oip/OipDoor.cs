using System.Text.Json;
using Grid.Client;
using Grid.Client.Wire;
using Grid.Primitives;
using Grid.Silo.Http;

namespace Grid.Silo.Oip;

/// <summary>What every protocol endpoint does around its own work: the workspace, and errors as <c>{"error": "text"}</c>.</summary>
internal static class OipDoor
{
    /// <summary>Names the workspace, which the protocol's paths have no place for.</summary>
    public const string WorkspaceHeader = "X-Grid-Workspace";

    public static RequestDelegate Open(OipHandler handler) => async context =>
    {
        try
        {
            var clients = context.RequestServices.GetRequiredService<IGridClientFactory>();
            var workspace = context.Request.Headers.TryGetValue(WorkspaceHeader, out var header) ? header.ToString() : GridNames.DefaultWorkspace;
            await handler(context, clients.ForWorkspace(workspace));
        }
        catch (Exception e)
        {
            await AnswerAsync(context, e);
        }
    };

    public static string? RouteOf(HttpContext context, string name) => context.Request.RouteValues[name] as string;

    public static ValueTask WriteErrorAsync(HttpContext context, GridError error)
    {
        JsonAnswer.SetRetryAfter(context, error);
        return JsonAnswer.WriteAsync(context, new InferErrorBody { Error = TextOf(error) }, WireContext.Default.InferErrorBody, StatusOf(error.Code));
    }

    /// <summary>The protocol knows few statuses: what is wrong with a request is 400 whatever the reason.</summary>
    public static int StatusOf(GridErrorCode code) => code switch
    {
        GridErrorCode.AlreadyExists or GridErrorCode.Conflict or GridErrorCode.FailedPrecondition => 400,
        _ => WireErrors.StatusOf(code),
    };

    // The protocol's own sentences name their subject; ours leave it to the target.
    private static string TextOf(GridError error) =>
        error.Fix is null ? error.Message : error.ToString();

    private static ValueTask AnswerAsync(HttpContext context, Exception exception)
    {
        if (context.RequestAborted.IsCancellationRequested)
        {
            context.Response.StatusCode = context.Response.HasStarted ? context.Response.StatusCode : WireErrors.ClientClosedRequest;
            return ValueTask.CompletedTask;
        }

        var error = GridDoor.ErrorsOf(exception)[0];
        if (error.Code == GridErrorCode.Internal)
        {
            var logger = context.RequestServices.GetRequiredService<ILogger<GridDoor>>();
            logger.Failed(exception, context.Request.Method, context.Request.Path.Value ?? "");
        }

        if (context.Response.HasStarted)
        {
            context.Abort();
            return ValueTask.CompletedTask;
        }

        return WriteErrorAsync(context, error);
    }
}
