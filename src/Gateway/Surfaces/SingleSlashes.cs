using Microsoft.AspNetCore.Builder;

namespace OpenAIProxy.Gateway.Surfaces;

/// <summary>Takes <c>//</c> in a path for <c>/</c>: some clients put a slash of their own behind an endpoint that ends in one.</summary>
public static class SingleSlashes
{
    public static IApplicationBuilder UseSingleSlashes(this IApplicationBuilder app) => app.Use((context, next) =>
    {
        if (context.Request.Path.Value is { } path && path.Contains("//", StringComparison.Ordinal))
            context.Request.Path = Collapse(path);
        return next(context);
    });

    internal static string Collapse(string path)
    {
        var single = new System.Text.StringBuilder(path.Length);
        foreach (var c in path)
            if (c != '/' || single.Length == 0 || single[^1] != '/')
                single.Append(c);
        return single.ToString();
    }
}
