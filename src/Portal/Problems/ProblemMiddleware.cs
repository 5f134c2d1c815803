using System.Text.Json;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Domain;
using OpenAIProxy.Storage;
using OpenAIProxy.Storage.Queries;

namespace OpenAIProxy.Portal.Problems;

/// <summary>Turns what storage refuses, what cannot be read, and what nobody answered into problem details.</summary>
public sealed partial class ProblemMiddleware(RequestDelegate next, ILogger<ProblemMiddleware> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
            if (!context.Response.HasStarted && context.Response.ContentType is null)
                await Unanswered(context);
        }
        catch (ChangeRefusedException e)
        {
            await Problem.WriteAsync(context, StatusOf(e.Kind), CodeOf(e.Kind), e.Errors[0].Reason, e.Kind == WhyRefused.Missing ? null : FieldsOf(e.Errors));
        }
        catch (ChangeConflictException e)
        {
            await Problem.WriteAsync(context, StatusCodes.Status412PreconditionFailed, "changed_meanwhile", e.Message);
        }
        catch (QueryRefusedException e)
        {
            await Problem.WriteAsync(context, StatusCodes.Status400BadRequest, "invalid", e.Reason, FieldsOf([new FieldError(e.Field, e.Reason)]));
        }
        catch (PreconditionRequiredException)
        {
            await Problem.WriteAsync(context, StatusCodes.Status428PreconditionRequired, "if_match_required",
                "Send the ETag of what you have read as 'If-Match', so that you do not overwrite somebody else's change; 'If-Match: *' overwrites whatever is there.");
        }
        catch (BadHttpRequestException e)
        {
            // A body that cannot be read comes so as well. JSON that fails otherwise is an answer of ours, and our mistake.
            await UnreadableAsync(context, e);
        }
        catch (StorageUnavailableException e) when (context.Response.HasStarted)
        {
            // The client has a part already: that its connection breaks off is all that can tell it that this is not the whole.
            LogBrokenOff(e, context.TraceIdentifier);
            context.Abort();
        }
        catch (StorageUnavailableException e)
        {
            context.Response.Headers.RetryAfter = "2";
            await Problem.WriteAsync(context, StatusCodes.Status503ServiceUnavailable, "storage_unavailable", e.Message);
        }
        catch (Exception e) when (!context.Response.HasStarted && !context.RequestAborted.IsCancellationRequested)
        {
            LogUnexpected(e, context.TraceIdentifier);
            await Problem.WriteAsync(context, StatusCodes.Status500InternalServerError, "internal_error", "Something went wrong in this server: its log says more under the request's id.");
        }
    }

    [LoggerMessage(LogEvents.BrokenOff, LogLevel.Warning, "The answer to request {RequestId} of the management API was broken off: storage is not available")]
    private partial void LogBrokenOff(Exception exception, string requestId);

    [LoggerMessage(LogEvents.Failed, LogLevel.Error, "Request {RequestId} of the management API failed in a way nobody expected")]
    private partial void LogUnexpected(Exception exception, string requestId);

    private static Task Unanswered(HttpContext context) => context.Response.StatusCode switch
    {
        StatusCodes.Status400BadRequest => UnreadableAsync(context, Unread(context, null)),
        StatusCodes.Status404NotFound => Problem.WriteAsync(context, StatusCodes.Status404NotFound, "not_found", "There is nothing at this path. What there is: /openapi/v1.json describes it."),
        StatusCodes.Status405MethodNotAllowed => Problem.WriteAsync(context, StatusCodes.Status405MethodNotAllowed, "method_not_allowed", $"This path takes {context.Response.Headers.Allow}."),
        // The framework swallows what is thrown while it reads a body, and leaves the status.
        (StatusCodes.Status408RequestTimeout or StatusCodes.Status413PayloadTooLarge or StatusCodes.Status415UnsupportedMediaType) and var status => UntakenAsync(context, status),
        _ => Task.CompletedTask,
    };

    private static Task UntakenAsync(HttpContext context, int status) => status switch
    {
        StatusCodes.Status408RequestTimeout => Problem.WriteAsync(context, status, "body_timeout", "The body stopped arriving before it was complete. Send the request again."),
        StatusCodes.Status413PayloadTooLarge => Problem.WriteAsync(context, status, "too_large", "The body is larger than this server takes."),
        _ => Problem.WriteAsync(context, status, "unsupported_media_type", "The body must be JSON: send the header 'Content-Type: application/json'."),
    };

    // System.Text.Json says where it stumbled; over what is the client's to know, and no secret of ours.
    private static Task UnreadableAsync(HttpContext context, BadHttpRequestException e)
    {
        if (e is { StatusCode: (StatusCodes.Status408RequestTimeout or StatusCodes.Status413PayloadTooLarge or StatusCodes.Status415UnsupportedMediaType) and var status })
            return UntakenAsync(context, status);
        if (e.InnerException is not JsonException json)
            return UnreadableAsync(context, Unread(context, e));
        return UnreadableAsync(context, new Dictionary<string, string[]> { [JsonTrouble.Field(json)] = [JsonTrouble.Sentence(json)] });
    }

    // Of a body that is not there, the framework says no more than that.
    private static Dictionary<string, string[]> Unread(HttpContext context, Exception? e) => ParameterTrouble.Find(context) switch
    {
        { Count: > 0 } parameters => parameters,
        _ when e?.Message.Contains("no body was provided", StringComparison.Ordinal) == true => new() { ["body"] = [JsonTrouble.NoObject] },
        _ => new() { ["request"] = ["A value in the path or the query cannot be read; the OpenAPI document at /openapi/v1.json says what each takes."] },
    };

    private static Task UnreadableAsync(HttpContext context, Dictionary<string, string[]> errors) =>
        Problem.WriteAsync(context, StatusCodes.Status400BadRequest, "invalid", errors.Values.First()[0], errors);

    private static Dictionary<string, string[]> FieldsOf(IEnumerable<FieldError> errors) =>
        errors.GroupBy(e => CamelCase(e.Field), StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.Select(e => e.Reason).ToArray());

    // A path into a document names its fields as the document does; what else is in it are people's names: backends/US-East/apiKey.
    private static string CamelCase(string field) => field.Contains('/', StringComparison.Ordinal) ? field : JsonNamingPolicy.CamelCase.ConvertName(field);

    private static int StatusOf(WhyRefused kind) => kind switch
    {
        WhyRefused.Invalid => StatusCodes.Status400BadRequest,
        WhyRefused.Missing => StatusCodes.Status404NotFound,
        WhyRefused.Forbidden => StatusCodes.Status403Forbidden,
        _ => StatusCodes.Status409Conflict,
    };

    private static string CodeOf(WhyRefused kind) => kind switch
    {
        WhyRefused.Invalid => "invalid",
        WhyRefused.Exists => "exists",
        WhyRefused.InUse => "in_use",
        WhyRefused.Missing => "not_found",
        WhyRefused.WrongState => "wrong_state",
        _ => "not_allowed",
    };
}
