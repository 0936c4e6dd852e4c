using Grid.Abstractions;
using Grid.Client;
using Grid.Client.Wire;
using Grid.Silo.Http.OpenApi;
using Grid.Silo.Http.Reading;

namespace Grid.Silo.Http;

/// <summary>How traffic divides between the versions of a model, and the names that versions go by.</summary>
internal static class RolloutEndpoints
{
    public static void Map(IEndpointRouteBuilder workspace)
    {
        workspace.Get("models/{model}/rollout", GetAsync, "GetRollout", "How traffic divides, and what was measured since that was changed last.").Gives<RolloutStatusBody>();
        workspace.Get("models/{model}/history", HistoryAsync, "GetHistory", "What traffic was, step by step.")
            .Asks("at", "A time: also answer how traffic divided then.").Gives<HistoryBody>();
        workspace.Put("models/{model}/canary", CanaryAsync, "SetCanary", "Gives a version a share of the traffic once it is ready; in force when answered.")
            .Takes<CanaryBody>().Gives<ModelBody>();
        workspace.Put("models/{model}/experiment", ExperimentAsync, "SetExperiment", "Divides all traffic between arms once they are ready.")
            .Takes<ExperimentBody>().Gives<ModelBody>();
        workspace.Put("models/{model}/shadows/{version}", AddShadowAsync, "AddShadow", "Lets a version compute the same predictions for comparison.").Gives<ModelBody>();
        workspace.Delete("models/{model}/shadows/{version}", RemoveShadowAsync, "RemoveShadow", "Ends the comparison.").Gives<ModelBody>();
        workspace.Post("models/{model}/promote", PromoteAsync, "Promote", "Makes a version live, the canary where none is named.").Takes<StepRequestBody>().Gives<ModelBody>();
        workspace.Post("models/{model}/rollback", RollbackAsync, "Rollback", "Ends the trial, or makes the version before live again.").Takes<StepRequestBody>().Gives<ModelBody>();
        workspace.Put("models/{model}/aliases/{alias}", SetAliasAsync, "SetAlias", "Names a version, so that requests can pin it as @alias.").Takes<LiveBody>().Gives<ModelBody>();
        workspace.Delete("models/{model}/aliases/{alias}", RemoveAliasAsync, "RemoveAlias", "Forgets an alias.").Gives<ModelBody>();
        workspace.Put("models/{model}/tags/{tag}", SetTagAsync, "SetModelTag", "Sets a tag of the model.").Takes<TagBody>().Gives<ModelBody>();
        workspace.Delete("models/{model}/tags/{tag}", RemoveTagAsync, "RemoveModelTag", "Takes a tag of the model away.").Gives<ModelBody>();
        workspace.Put("models/{model}/versions/{version}/tags/{tag}", SetVersionTagAsync, "SetVersionTag", "Sets a tag of a version.").Takes<TagBody>().Gives<ModelBody>();
        workspace.Delete("models/{model}/versions/{version}/tags/{tag}", RemoveVersionTagAsync, "RemoveVersionTag", "Takes a tag of a version away.").Gives<ModelBody>();
    }

    private static async ValueTask GetAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context);
        var status = await client.Models.GetRolloutAsync(RouteText.Of(context, "model"), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireRollouts.ToBody(status), WireContext.Default.RolloutStatusBody);
    }

    private static async ValueTask HistoryAsync(HttpContext context, IGridClient client)
    {
        RouteText.AllowQuery(context, "at");
        var at = RouteText.TimeOf(context, "at");
        var history = await client.Models.GetHistoryAsync(RouteText.Of(context, "model"), context.RequestAborted);
        await JsonAnswer.WriteAsync(context, WireRollouts.ToBody(history, at), WireContext.Default.HistoryBody);
    }

    private static async ValueTask CanaryAsync(HttpContext context, IGridClient client)
    {
        var canary = await GridDoor.ReadAsync(context, RolloutReader.ReadCanary);
        await WriteAsync(context, client.Models.SetCanaryAsync(RouteText.Of(context, "model"), canary, context.RequestAborted));
    }

    private static async ValueTask ExperimentAsync(HttpContext context, IGridClient client)
    {
        var experiment = await GridDoor.ReadAsync(context, RolloutReader.ReadExperiment);
        await WriteAsync(context, client.Models.SetExperimentAsync(RouteText.Of(context, "model"), experiment, context.RequestAborted));
    }

    private static ValueTask AddShadowAsync(HttpContext context, IGridClient client) => ShadowAsync(context, client, isShadow: true);

    private static ValueTask RemoveShadowAsync(HttpContext context, IGridClient client) => ShadowAsync(context, client, isShadow: false);

    private static ValueTask ShadowAsync(HttpContext context, IGridClient client, bool isShadow) =>
        WriteAsync(context, client.Models.SetShadowAsync(RouteText.Of(context, "model"), RouteText.Of(context, "version"), isShadow, context.RequestAborted));

    private static async ValueTask PromoteAsync(HttpContext context, IGridClient client)
    {
        var step = await ReadStepAsync(context);
        await WriteAsync(context, client.Models.PromoteAsync(RouteText.Of(context, "model"), step.Version, step.Reason, context.RequestAborted));
    }

    private static async ValueTask RollbackAsync(HttpContext context, IGridClient client)
    {
        var step = await ReadStepAsync(context);
        await WriteAsync(context, client.Models.RollbackAsync(RouteText.Of(context, "model"), step.Reason, context.RequestAborted));
    }

    private static async ValueTask SetAliasAsync(HttpContext context, IGridClient client)
    {
        var version = await GridDoor.ReadAsync(context, SmallBodies.ReadVersion);
        await WriteAsync(context, client.Models.SetAliasAsync(RouteText.Of(context, "model"), RouteText.Of(context, "alias"), version, context.RequestAborted));
    }

    private static ValueTask RemoveAliasAsync(HttpContext context, IGridClient client) =>
        WriteAsync(context, client.Models.SetAliasAsync(RouteText.Of(context, "model"), RouteText.Of(context, "alias"), version: null, context.RequestAborted));

    private static async ValueTask SetTagAsync(HttpContext context, IGridClient client) =>
        await TagAsync(context, client, version: null, await GridDoor.ReadAsync(context, RolloutReader.ReadTag));

    private static ValueTask RemoveTagAsync(HttpContext context, IGridClient client) => TagAsync(context, client, version: null, value: null);

    private static async ValueTask SetVersionTagAsync(HttpContext context, IGridClient client) =>
        await TagAsync(context, client, RouteText.Of(context, "version"), await GridDoor.ReadAsync(context, RolloutReader.ReadTag));

    private static ValueTask RemoveVersionTagAsync(HttpContext context, IGridClient client) => TagAsync(context, client, RouteText.Of(context, "version"), value: null);

    private static ValueTask TagAsync(HttpContext context, IGridClient client, string? version, string? value) =>
        WriteAsync(context, client.Models.SetTagAsync(RouteText.Of(context, "model"), version, RouteText.Of(context, "tag"), value, context.RequestAborted));

    /// <summary>A body may be left out where nothing has to be said.</summary>
    private static async ValueTask<StepRequestBody> ReadStepAsync(HttpContext context) =>
        context.Request.ContentLength is 0 or null && !context.Request.Headers.TransferEncoding.Contains("chunked")
            ? new StepRequestBody()
            : await GridDoor.ReadAsync(context, RolloutReader.ReadStep);

    private static async ValueTask WriteAsync(HttpContext context, ValueTask<ModelInfo> change) =>
        await JsonAnswer.WriteAsync(context, WireModels.ToBody(await change), WireContext.Default.ModelBody);
}
