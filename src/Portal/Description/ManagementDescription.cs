using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using OpenAIProxy.Portal.Catalog;
using OpenAIProxy.Portal.Events;
using OpenAIProxy.Portal.Lists;
using OpenAIProxy.Portal.SignIn;

namespace OpenAIProxy.Portal.Description;

/// <summary>What the description of the management API, an OpenAPI document, says of it as a whole.</summary>
internal static class ManagementDescription
{
    public static void Describe(OpenApiOptions document)
    {
        // The data plane shares the first part of its paths; its clients have Azure's own description.
        document.ShouldInclude = api => api.RelativePath is { } path && path.StartsWith("api/", StringComparison.Ordinal) && !path.StartsWith("api/v1/", StringComparison.Ordinal);
        document.CreateSchemaReferenceId = type => IsMoment(type.Type) ? null : OpenApiOptions.CreateDefaultSchemaReferenceId(type);
        document.AddSchemaTransformer((schema, context, _) =>
        {
            var type = context.JsonTypeInfo.Type;
            if (type == typeof(ProblemDetails))
                DescribeProblem(schema);
            // A number may come as a text, too, but nobody shall be told to take or send both.
            if (schema.Type is { } types && types.HasFlag(JsonSchemaType.Integer))
                (schema.Type, schema.Pattern) = (types & ~JsonSchemaType.String, null);
            // Their converters hide what they are; and only the second is a moment, with its offset.
            if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(DateTime))
                (schema.Type, schema.Format, schema.Pattern) = (type == typeof(DateTime) ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null, null, WallTimeConverter.Pattern);
            if ((Nullable.GetUnderlyingType(type) ?? type) == typeof(DateTimeOffset))
                (schema.Type, schema.Format) = (type == typeof(DateTimeOffset) ? JsonSchemaType.String : JsonSchemaType.String | JsonSchemaType.Null, "date-time");
            // One in a query is read of text; the framework would tell how it is stored.
            if (IsMoment(type) || IsMoment(context.ParameterDescription?.ParameterDescriptor?.ParameterType))
                (schema.Type, schema.Format, schema.Properties, schema.Required, schema.AdditionalPropertiesAllowed) = (JsonSchemaType.String, "date-time", null, null, true);
            return Task.CompletedTask;
        });
        document.AddDocumentTransformer((api, _, _) =>
        {
            api.Info.Title = "Azure OpenAI Proxy: management API";
            api.Info.Version = "v1";
            api.Info.Description = "Everything an organiser does. Errors are RFC 9457 problem details with a code, the request's id, and messages by field.";
            api.Components ??= new OpenApiComponents();
            api.Components.SecuritySchemes = new Dictionary<string, IOpenApiSecurityScheme>
            {
                [TokenHandler.SchemeName] = new OpenApiSecurityScheme
                {
                    Type = SecuritySchemeType.Http,
                    Scheme = "bearer",
                    Description = "The admin token (the file admin-token of the data directory), or an API token.",
                },
            };
            MergePatches.Describe(api, "/api/events/{code}", nameof(NewEventBody), "code", "state", "limits");
            MergePatches.Describe(api, "/api/backends/{name}", nameof(BackendBody), "name");
            MergePatches.Describe(api, "/api/models/{name}", nameof(ModelBody), "name");
            api.Security = [new OpenApiSecurityRequirement { [new OpenApiSecuritySchemeReference(TokenHandler.SchemeName, api)] = [] }];
            return Task.CompletedTask;
        });
    }

    private static bool IsMoment(Type? type) => type == typeof(Moment) || type == typeof(Moment?);

    // As Problem writes them.
    private static void DescribeProblem(OpenApiSchema schema)
    {
        var text = new OpenApiSchema { Type = JsonSchemaType.String };
        schema.AdditionalPropertiesAllowed = true;
        schema.Properties ??= new Dictionary<string, IOpenApiSchema>();
        schema.Properties["code"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "For programs: it does not change." };
        schema.Properties["requestId"] = new OpenApiSchema { Type = JsonSchemaType.String, Description = "What the server's log has of it stands under this id." };
        schema.Properties["errors"] = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Description = "What is wrong, by the field that it is wrong with; absent where it is no field.",
            AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = text },
        };
    }
}
