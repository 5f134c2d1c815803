using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Gateway.Telemetry;

namespace OpenAIProxy.Gateway.Refusals;

/// <summary>
/// What is around every request: it gets an id, and where nobody answered it (no such path, no such method, or an exception
/// that nobody expected) the answer is a refusal of ours, not an empty page.
/// </summary>
public sealed partial class RefusalMiddleware(RequestDelegate next, ILogger<RefusalMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        // A name of our own, not the client's: it must be found in our log, and only once.
        context.TraceIdentifier = RequestId.Next().ToString();
        context.Response.Headers["x-request-id"] = context.TraceIdentifier;
        try
        {
            await next(context);
            if (RefusalFor(context.Response) is { } refusal)
                await RefusalWriter.WriteAsync(context.Response, refusal);
        }
        catch (AnswerCutShortException)
        {
            throw;
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested)
        {
            // The client has gone; there is nobody to answer.
        }
        catch (Exception e) when (!context.Response.HasStarted)
        {
            LogUnexpected(e, context.TraceIdentifier);
            await RefusalWriter.WriteAsync(context.Response, Refuse.Unexpected());
        }
        catch (Exception e)
        {
            LogUnexpected(e, context.TraceIdentifier);
            throw new AnswerCutShortException();
        }
    }

    private static Refusal? RefusalFor(HttpResponse response)
    {
        if (response.HasStarted || response.ContentType is not null)
            return null;
        return response.StatusCode switch
        {
            StatusCodes.Status404NotFound => Refuse.UnknownPath(GatewayEndpoints.Contents),
            StatusCodes.Status405MethodNotAllowed => Refuse.Method(response.Headers.Allow.ToString()),
            _ => null,
        };
    }

    [LoggerMessage(LogEvents.Unexpected, LogLevel.Error, "Request {RequestId} failed in a way nobody expected")]
    private partial void LogUnexpected(Exception exception, string requestId);
}

/// <summary>Puts the middleware in front.</summary>
public static class RefusalMiddlewareSetup
{
    public static IApplicationBuilder UseRefusals(this IApplicationBuilder app) => app.UseMiddleware<RefusalMiddleware>();
}
