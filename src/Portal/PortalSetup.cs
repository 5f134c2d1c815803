using System.Text.Json;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;
using OpenAIProxy.Portal.Description;
using OpenAIProxy.Portal.Events;
using OpenAIProxy.Portal.Lists;
using OpenAIProxy.Portal.Problems;
using OpenAIProxy.Portal.SignIn;

namespace OpenAIProxy.Portal;

/// <summary>The admin plane's parts. It needs storage, and a probe for backends.</summary>
public static class PortalSetup
{
    public static IServiceCollection AddPortal(this IServiceCollection parts)
    {
        // Only endpoints that ask for a token have one looked at: the data plane's callers are none of this scheme's.
        AppContext.SetSwitch("Microsoft.AspNetCore.Authentication.SuppressAutoDefaultScheme", true);
        parts.AddAuthentication().AddScheme<AuthenticationSchemeOptions, TokenHandler>(TokenHandler.SchemeName, null);
        parts.AddAuthorizationBuilder()
            .SetDefaultPolicy(new AuthorizationPolicyBuilder(TokenHandler.SchemeName).RequireAuthenticatedUser().Build())
            .AddPolicy(SignedIn.Administrator, policy => policy.AddAuthenticationSchemes(TokenHandler.SchemeName).RequireRole(SignedIn.Administrator));
        parts.AddProblemDetails();
        parts.AddOpenApi("v1", ManagementDescription.Describe);
        parts.Configure<RouteHandlerOptions>(handlers => handlers.ThrowOnBadRequest = true);
        parts.Configure<JsonOptions>(json => Configure(json.SerializerOptions));
        return parts;
    }

    /// <summary>Puts problem details around the endpoints of the admin plane. Which of them ask for a token is theirs to say.</summary>
    public static IApplicationBuilder UsePortal(this IApplicationBuilder app) => app.UseMiddleware<ProblemMiddleware>();

    private static void Configure(JsonSerializerOptions json)
    {
        json.PropertyNamingPolicy = JsonNamingPolicy.CamelCase;
        json.PropertyNameCaseInsensitive = false;
        json.Converters.Add(new WallTimeConverter());
        json.Converters.Add(new MomentConverter());
        json.Converters.Add(new JsonStringEnumConverter(JsonNamingPolicy.CamelCase, allowIntegerValues: false));
        // A misspelt field must not be taken for one left out, nor null for a value.
        json.UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow;
        json.RespectNullableAnnotations = true;
        json.RespectRequiredConstructorParameters = true;
        json.AllowDuplicateProperties = false;
        json.TypeInfoResolver = json.TypeInfoResolver?.WithAddedModifier(NoNullsInLists.Modify);
    }
}
