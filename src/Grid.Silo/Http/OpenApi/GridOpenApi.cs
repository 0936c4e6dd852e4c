using Grid.Client.Wire;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing.Patterns;
using Microsoft.OpenApi;

namespace Grid.Silo.Http.OpenApi;

/// <summary>The OpenAPI document: schemas from the wire records, parameters from what the endpoints say.</summary>
internal static class GridOpenApi
{
    /// <summary>Taken by routing, left out of the document.</summary>
    public const string AnyContentType = "*/*";

    public static IServiceCollection AddGridOpenApi(this IServiceCollection services)
    {
        services.ConfigureHttpJsonOptions(static options =>
        {
            options.SerializerOptions.PropertyNamingPolicy = System.Text.Json.JsonNamingPolicy.SnakeCaseLower;
            options.SerializerOptions.NumberHandling = System.Text.Json.Serialization.JsonNumberHandling.Strict;
            options.SerializerOptions.TypeInfoResolverChain.Insert(0, WireContext.Default);
        });
        return services.AddOpenApi("v1", static options =>
        {
            options.AddDocumentTransformer(static (document, _, _) =>
            {
                document.Info = new OpenApiInfo
                {
                    Title = "Grid",
                    Version = "v1",
                    Description = "Predictions where the features live. Errors are RFC 9457 problem details with code, target, message, fix and every error found; values that are not finite are the texts NaN, Infinity and -Infinity.",
                };
                return Task.CompletedTask;
            });
            options.AddOperationTransformer(static (operation, context, _) =>
            {
                Describe(operation, context);
                return Task.CompletedTask;
            });
            options.AddSchemaTransformer(static (schema, context, _) =>
            {
                Describe(schema, context.JsonTypeInfo.Type);
                return Task.CompletedTask;
            });
        });
    }

    private static void Describe(OpenApiOperation operation, OpenApiOperationTransformerContext context)
    {
        operation.Parameters ??= [];
        operation.RequestBody?.Content?.Remove(AnyContentType);
        var path = context.Description.RelativePath ?? "";
        foreach (var parameter in RoutePatternFactory.Parse(path).Parameters)
        {
            if (!operation.Parameters.Any(p => p.Name == parameter.Name))
            {
                operation.Parameters.Add(new OpenApiParameter
                {
                    Name = parameter.Name,
                    In = ParameterLocation.Path,
                    Required = true,
                    Schema = new OpenApiSchema { Type = parameter.Name == "shard" ? JsonSchemaType.Integer : JsonSchemaType.String },
                });
            }
        }

        foreach (var item in context.Description.ActionDescriptor.EndpointMetadata)
        {
            switch (item)
            {
                case QueryDoc query:
                    operation.Parameters.Add(new OpenApiParameter
                    {
                        Name = query.Name,
                        In = ParameterLocation.Query,
                        Description = query.Description,
                        Required = query.IsRequired,
                        Schema = new OpenApiSchema { Type = JsonSchemaType.String },
                    });
                    break;
                case RawBodyDoc body:
                    operation.RequestBody = new OpenApiRequestBody
                    {
                        Description = body.Description,
                        Required = true,
                        Content = new Dictionary<string, OpenApiMediaType> { [body.ContentType] = new() { Schema = RawSchema(body.ContentType) } },
                    };
                    break;
            }
        }
    }

    private static OpenApiSchema RawSchema(string contentType) =>
        contentType == "multipart/form-data"
            ? new OpenApiSchema
            {
                Type = JsonSchemaType.Object,
                Properties = new Dictionary<string, IOpenApiSchema>
                {
                    ["files"] = new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { Type = JsonSchemaType.String, Format = "binary" } },
                },
            }
            : new OpenApiSchema { Type = JsonSchemaType.String };

    private static void Describe(OpenApiSchema schema, Type type)
    {
        type = Nullable.GetUnderlyingType(type) ?? type;
        if (type == typeof(WireTime))
        {
            schema.Type = JsonSchemaType.String;
            schema.Format = "date-time";
            schema.Description = "ISO 8601 with an offset; requests may say Unix milliseconds instead.";
        }
        else if (type == typeof(WireFloats))
        {
            schema.AnyOf = FloatForms();
        }
        else if (type == typeof(Dictionary<string, WireFloats>))
        {
            schema.AdditionalProperties = new OpenApiSchema { AnyOf = FloatForms() };
        }
    }

    private static List<IOpenApiSchema> FloatForms()
    {
        List<IOpenApiSchema> one =
        [
            new OpenApiSchema { Type = JsonSchemaType.Number, Format = "float" },
            new OpenApiSchema { Type = JsonSchemaType.String, Enum = ["NaN", "Infinity", "-Infinity"] },
        ];
        return [.. one, new OpenApiSchema { Type = JsonSchemaType.Array, Items = new OpenApiSchema { AnyOf = one } }];
    }
}
