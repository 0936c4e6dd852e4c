using System.Text;
using Grid.Client;
using Grid.Client.Wire;
using Grid.Primitives;
using Grid.Silo.Http.OpenApi;

namespace Grid.Silo.Http;

/// <summary>Feature views of the workspace.</summary>
internal static class ViewEndpoints
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    public static void Map(IEndpointRouteBuilder workspace)
    {
        workspace.Get("views", GetAsync, "GetViews", "Feature views of the workspace.").Gives<ViewsBody>();
        workspace.Put("views", ApplyAsync, "ApplyViews", "Validates all views of the body, then applies all at once or changes nothing.")
            .TakesRaw("application/yaml", "One or more YAML documents.")
            .Asks("source", "Name of the text in errors, such as its file name.")
            .Asks("dry_run", "true: answer what would change.")
            .Asks("prune", "true: also remove views that the text does not name.")
            .Gives<ViewsBody>();
    }

    private static async ValueTask GetAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context);
        var views = await client.Views.GetAsync(context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireTenants.ToBody(views), WireContext.Default.ViewsBody);
    }

    private static async ValueTask ApplyAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context, "source", "dry_run", "prune");
        var source = RouteText.QueryOf(context, "source") ?? "views";
        string yaml;
        using (var body = await RequestBody.ReadAsync(context.Request, GridDoor.LimitsOf(context).MaxBodyBytes, context.RequestAborted))
        {
            yaml = Decode(source, body.Bytes.Span);
        }

        var views = await client.Views.ApplyAsync(yaml, source, RouteText.FlagOf(context, "dry_run"), RouteText.FlagOf(context, "prune"), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireTenants.ToBody(views), WireContext.Default.ViewsBody);
    }

    private static string Decode(string source, ReadOnlySpan<byte> bytes)
    {
        try
        {
            return StrictUtf8.GetString(bytes);
        }
        catch (DecoderFallbackException e)
        {
            throw new GridException(GridError.Invalid(source, $"is not UTF-8 at byte {e.Index}.", "Save the file as UTF-8."), e);
        }
    }
}
