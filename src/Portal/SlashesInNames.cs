using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using Microsoft.AspNetCore.Routing;
using Microsoft.AspNetCore.Routing.Patterns;

namespace OpenAIProxy.Portal;

/// <summary>Takes <c>%2F</c> in a part of a path for a slash of the name that stands there: the web server leaves it as it was sent, since it parts nothing.</summary>
public static class SlashesInNames
{
    private const string EscapedSlash = "%2F";

    /// <summary>Goes behind the router: before it, the slash would part the path.</summary>
    public static IApplicationBuilder UseSlashesInNames(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.GetEndpoint() is RouteEndpoint endpoint && context.Request.RouteValues.Values.Any(IsEscaped))
            PutIn(context, endpoint.RoutePattern.PathSegments);
        return next(context);
    });

    // From the target as it was sent: decoded once, %2F and %252F are the same.
    private static void PutIn(HttpContext context, IReadOnlyList<RoutePatternPathSegment> pattern)
    {
        var target = context.Features.Get<IHttpRequestFeature>()?.RawTarget ?? "";
        var sent = target.Split('?')[0].Trim('/').Split('/');
        if (sent.Length != pattern.Count)
            return;
        var values = context.Request.RouteValues;
        foreach (var (segment, text) in pattern.Zip(sent))
            if (segment is { IsSimple: true, Parts: [RoutePatternParameterPart part] } && IsEscaped(values[part.Name]))
                values[part.Name] = Uri.UnescapeDataString(text);
    }

    private static bool IsEscaped(object? value) => value is string text && text.Contains(EscapedSlash, StringComparison.OrdinalIgnoreCase);
}
