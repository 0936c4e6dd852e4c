using System.Net.Mime;
using Grid.Client;
using Grid.Client.Wire;
using Grid.Silo.Doors;
using Grid.Silo.Http.OpenApi;
using Grid.Silo.Http.Reading;
using Grid.Storage;

namespace Grid.Silo.Http;

/// <summary>Models and versions of the workspace.</summary>
internal static class ModelEndpoints
{
    public static void Map(IEndpointRouteBuilder workspace)
    {
        workspace.Get("models", ListAsync, "ListModels", "Models of the workspace.").Gives<ModelsBody>();
        workspace.Get("models/{model}", GetAsync, "GetModel", "One model and its versions.").Gives<ModelBody>();
        workspace.Post("models/{model}/live", SetLiveAsync, "SetLive", "Sends all traffic to a version once it is ready; in force when answered.")
            .Takes<LiveBody>().Gives<ModelBody>();
        workspace.Get("models/{model}/versions/{version}", GetVersionAsync, "GetVersion", "One version and what has become of it.").Gives<VersionBody>();
        workspace.Get("models/{model}/versions/{version}/files/{**file}", DownloadAsync, "GetVersionFile", "A file of a version's folder, as it was registered: its card, its manifest, the model itself.");
        workspace.Put("models/{model}/versions/{version}", PushAsync, "PushVersion", "Registers a version from uploaded files. The same bytes again change nothing.")
            .TakesRaw("multipart/form-data", "model.onnx and, optionally, model.yaml and the files they name; each part with its file name.")
            .Asks("live", "true: send traffic to it once it is ready.")
            .Gives<VersionBody>();
        workspace.Delete("models/{model}/versions/{version}", RetireAsync, "RetireVersion", "Retires a version that is not live.").Gives<VersionBody>();
    }

    private static async ValueTask ListAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context);
        var models = await client.Models.ListAsync(context.RequestAborted);
        await JsonAnswer.WriteAsync(context, new ModelsBody { Models = [.. models.Select(WireModels.ToBody)] }, WireContext.Default.ModelsBody);
    }

    private static async ValueTask GetAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context);
        var model = await client.Models.GetAsync(RouteText.Of(context, "model"), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireModels.ToBody(model), WireContext.Default.ModelBody);
    }

    private static async ValueTask SetLiveAsync(HttpContext context, IGridClient client)
    {
        var name = RouteText.Of(context, "model");
        var version = await GridDoor.ReadAsync(context, SmallBodies.ReadVersion);
        var model = await client.Models.SetLiveAsync(name, version, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireModels.ToBody(model), WireContext.Default.ModelBody);
    }

    private static async ValueTask GetVersionAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context);
        var version = await client.Models.GetVersionAsync(RouteText.Of(context, "model"), RouteText.Of(context, "version"), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireModels.ToBody(version), WireContext.Default.VersionBody);
    }

    /// <summary>Streamed from the store, which the client's own interface would first copy.</summary>
    private static async ValueTask DownloadAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context);
        var version = await client.Models.GetVersionAsync(RouteText.Of(context, "model"), RouteText.Of(context, "version"), context.RequestAborted);
        var file = version.RequireFile(context.Request.RouteValues["file"] as string ?? "");
        await using var content = await context.RequestServices.GetRequiredService<IArtifactStore>().OpenAsync(file, context.RequestAborted);
        context.Response.ContentType = MediaTypeNames.Application.Octet;
        context.Response.ContentLength = file.Bytes;
        context.Response.Headers.ETag = $"\"{file.Digest}\"";
        await content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static async ValueTask PushAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context, "live");
        var model = RouteText.Of(context, "model");
        var name = RouteText.Of(context, "version");
        var live = RouteText.FlagOf(context, "live");
        using var upload = await ModelUpload.ReceiveAsync(context, GridDoor.LimitsOf(context));
        var version = await client.Models.PushAsync(model, name, upload.Folder, live, context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireModels.ToBody(version), WireContext.Default.VersionBody);
    }

    private static async ValueTask RetireAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context);
        var version = await client.Models.RetireAsync(RouteText.Of(context, "model"), RouteText.Of(context, "version"), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireModels.ToBody(version), WireContext.Default.VersionBody);
    }
}
