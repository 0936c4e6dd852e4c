using Grid.Client;
using Grid.Client.Wire;
using Grid.Grains.Predictions;
using Grid.Primitives;
using Grid.Silo.Http.OpenApi;

namespace Grid.Silo.Http;

/// <summary>Training sets.</summary>
internal static class DatasetEndpoints
{
    private const string Parquet = "application/vnd.apache.parquet";

    public static void Map(IEndpointRouteBuilder workspace)
    {
        workspace.Post("models/{model}/datasets", ExportAsync, "ExportDataset", "Makes a training set of logged predictions and their outcomes, and keeps it under its digest.")
            .Asks("from", "First as-of time, inclusive.", isRequired: true)
            .Asks("to", "End, exclusive.", isRequired: true)
            .Asks("tenant", "One tenant; default all.")
            .Asks("version", "One version; default all with the vector of the latest.")
            .Gives<DatasetBody>();
        workspace.Get("datasets/{digest}", DownloadAsync, "GetDataset", "The Parquet file of a training set.");
    }

    private static async ValueTask ExportAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context, "from", "to", "tenant", "version");
        var dataset = await client.Datasets.ExportAsync(
            RouteText.Of(context, "model"),
            RequireTime(context, "from"),
            RequireTime(context, "to"),
            RouteText.QueryOf(context, "tenant"),
            RouteText.QueryOf(context, "version"),
            context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireDatasets.ToBody(dataset), WireContext.Default.DatasetBody);
    }

    /// <summary>Streamed from the file, which the client's own interface would first copy.</summary>
    private static async ValueTask DownloadAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context);
        var maker = context.RequestServices.GetRequiredService<DatasetMaker>();
        await using var content = await maker.OpenAsync(client.Workspace, (string)context.Request.RouteValues["digest"]!, context.RequestAborted);
        context.Response.ContentType = Parquet;
        context.Response.ContentLength = content.Length;
        await content.CopyToAsync(context.Response.Body, context.RequestAborted);
    }

    private static DateTimeOffset RequireTime(HttpContext context, string name)
    {
        RouteText.RequireQuery(context, name);
        return RouteText.TimeOf(context, name) ?? throw GridError.Invalid($"query '{name}'", "is missing.").ToException();
    }
}
