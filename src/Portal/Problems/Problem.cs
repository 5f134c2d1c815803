using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Net.Http.Headers;

namespace OpenAIProxy.Portal.Problems;

/// <summary>The management API's errors: RFC 9457, with a code for programs, the request's id, and a list of messages per field.</summary>
internal static class Problem
{
    public static Task WriteAsync(HttpContext context, int status, string code, string detail, IReadOnlyDictionary<string, string[]>? errors = null)
    {
        // Of a change that has been taken back: the next one of somebody else has that version, and would be overwritten by it.
        context.Response.Headers.Remove(HeaderNames.ETag);
        var problem = new ProblemDetails { Status = status, Title = ReasonPhrases.GetReasonPhrase(status), Detail = detail };
        problem.Extensions["code"] = code;
        problem.Extensions["requestId"] = context.TraceIdentifier;
        if (errors is not null)
            problem.Extensions["errors"] = errors;
        return TypedResults.Problem(problem).ExecuteAsync(context);
    }
}
