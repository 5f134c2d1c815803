using Microsoft.AspNetCore.Http;

namespace OpenAIProxy.Gateway.Forwarding;

/// <summary>Status and headers of a backend's answer, as the client gets them.</summary>
internal static class AnswerHead
{
    public static void Write(BackendAnswer answer, HttpResponse response, Delivery delivery)
    {
        // Who has gone does not see it; log and metrics call it by nginx's name.
        response.StatusCode = response.HttpContext.RequestAborted.IsCancellationRequested ? StatusCodes.Status499ClientClosedRequest : answer.Status;
        PassedHeaders.CopyDown(answer.Headers, response.Headers, delivery.IsOwn);
        if (!answer.IsEventStream)
        {
            response.ContentType = answer.ContentType ?? "application/json";
            response.ContentLength = answer.ContentLength;
            return;
        }
        response.ContentType = "text/event-stream; charset=utf-8";
        response.Headers.CacheControl = "no-cache, must-revalidate";
        // nginx and its kin collect an answer before they pass it on, unless told not to.
        response.Headers["x-accel-buffering"] = "no";
    }
}
