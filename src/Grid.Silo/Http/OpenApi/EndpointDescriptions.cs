using Grid.Client.Wire;

namespace Grid.Silo.Http.OpenApi;

/// <summary>Maps endpoints together with what the OpenAPI document says about them: handlers read and write by hand, so nothing can be inferred.</summary>
internal static class EndpointDescriptions
{
    private const string Problem = "application/problem+json";

    public static RouteHandlerBuilder Get(this IEndpointRouteBuilder routes, string pattern, GridHandler handler, string id, string summary) =>
        Map(routes, HttpMethods.Get, pattern, handler, id, summary);

    public static RouteHandlerBuilder Post(this IEndpointRouteBuilder routes, string pattern, GridHandler handler, string id, string summary) =>
        Map(routes, HttpMethods.Post, pattern, handler, id, summary);

    public static RouteHandlerBuilder Put(this IEndpointRouteBuilder routes, string pattern, GridHandler handler, string id, string summary) =>
        Map(routes, HttpMethods.Put, pattern, handler, id, summary);

    public static RouteHandlerBuilder Delete(this IEndpointRouteBuilder routes, string pattern, GridHandler handler, string id, string summary) =>
        Map(routes, HttpMethods.Delete, pattern, handler, id, summary);

    /// <summary>The body is JSON whatever its content type says: a plain <c>curl -d</c> calls it a form. Routing must not turn that away.</summary>
    public static RouteHandlerBuilder Takes<T>(this RouteHandlerBuilder endpoint) where T : notnull => endpoint.Accepts<T>("application/json", GridOpenApi.AnyContentType);

    public static RouteHandlerBuilder TakesRaw(this RouteHandlerBuilder endpoint, string contentType, string description) =>
        endpoint.WithMetadata(new RawBodyDoc(contentType, description));

    public static RouteHandlerBuilder Asks(this RouteHandlerBuilder endpoint, string name, string description, bool isRequired = false) =>
        endpoint.WithMetadata(new QueryDoc(name, description, isRequired));

    public static RouteHandlerBuilder Gives<T>(this RouteHandlerBuilder endpoint) => endpoint.Produces<T>();

    public static RouteHandlerBuilder GivesNothing(this RouteHandlerBuilder endpoint) => endpoint.Produces(StatusCodes.Status204NoContent);

    private static RouteHandlerBuilder Map(IEndpointRouteBuilder routes, string method, string pattern, GridHandler handler, string id, string summary)
    {
        var endpoint = routes.MapMethods(pattern, [method], GridDoor.Open(handler));

        // The explorer of endpoints only lists those that name a method.
        endpoint.WithMetadata(handler.Method);
        return new RouteHandlerBuilder([endpoint])
            .WithName(id)
            .WithTags(handler.Method.DeclaringType!.Name.Replace("Endpoints", "", StringComparison.Ordinal))
            .WithSummary(summary)
            .Produces<ProblemBody>(StatusCodes.Status400BadRequest, Problem)
            .Produces<ProblemBody>(StatusCodes.Status404NotFound, Problem)
            .Produces<ProblemBody>(StatusCodes.Status503ServiceUnavailable, Problem);
    }
}
