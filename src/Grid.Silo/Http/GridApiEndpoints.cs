using Grid.Primitives;
using Grid.Silo.Http.OpenApi;

namespace Grid.Silo.Http;

/// <summary>The HTTP API: thin over the client of the workspace that the path names.</summary>
internal static class GridApiEndpoints
{
    /// <summary>Maps <c>/v1/{workspace}/…</c>, <c>/healthz/…</c> and <c>/openapi/v1.json</c>.</summary>
    public static IEndpointRouteBuilder MapGridApi(this IEndpointRouteBuilder endpoints)
    {
        var workspace = endpoints.MapGroup("/v1/{workspace}");
        var tenant = workspace.MapGroup("/tenants/{tenant}");
        PredictEndpoints.Map(tenant);
        EventEndpoints.Map(tenant);
        TenantEndpoints.Map(workspace, tenant);
        ViewEndpoints.Map(workspace);
        ModelEndpoints.Map(workspace);
        RolloutEndpoints.Map(workspace);
        StreamEndpoints.Map(workspace);
        LoggedPredictionEndpoints.Map(workspace, tenant);
        DatasetEndpoints.Map(workspace);
        SignalEndpoints.Map(workspace);
        ClusterEndpoints.Map(endpoints.MapGroup("/v1/cluster"));
        HealthEndpoints.Map(endpoints);
        endpoints.MapOpenApi("/openapi/{documentName}.json");

        // What no route takes is answered in the same form as everything else.
        endpoints.MapFallback("/v1/{**path}", static context => JsonAnswer.WriteProblemAsync(
            context,
            [GridError.NotFound($"{context.Request.Method} {context.Request.Path}", "is not an endpoint.", "See /openapi/v1.json for those there are.")]).AsTask());
        return endpoints;
    }

    /// <summary>Adds what <see cref="MapGridApi"/> needs, except the client factory and the health of the silo.</summary>
    public static IServiceCollection AddGridApi(this IServiceCollection services, Action<GridHttpOptions>? configure = null)
    {
        services.AddOptions<GridHttpOptions>().Configure(configure ?? (static _ => { })).ValidateOnStart();
        services.AddSingleton<Microsoft.Extensions.Options.IValidateOptions<GridHttpOptions>, GridHttpOptionsValidator>();
        services.AddSingleton<GridDoor>();
        services.AddGridOpenApi();
        return services;
    }
}
