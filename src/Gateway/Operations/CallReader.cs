using System.IO.Pipelines;
using Microsoft.AspNetCore.Connections;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Features;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Operations;

/// <summary>Reads a request's body into one pooled buffer, bounded in size and time and all of them together in memory, and scans it once.</summary>
internal sealed class CallReader(GatewayOptions options, BodyMemory memory, TimeProvider time)
{
    /// <exception cref="IOException">The client has gone in the middle of its body.</exception>
    public async ValueTask<Result<Call>> ReadAsync(HttpRequest request, OperationSpec operation, Caller sender)
    {
        if (!IsJson(request))
            return Refuse.MediaType();
        // Most clients send all of a body before they read: at its own bound Kestrel would hang up on them, and they would never see why.
        // Without one it takes in for some seconds what still comes behind an answer.
        if (request.ContentLength is not { } declared || declared > options.MaxBodyBytes)
            request.HttpContext.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = null;
        if (request.ContentLength > options.MaxBodyBytes)
            return Refuse.TooLarge(options.MaxBodyBytes);

        var body = new ArrivingBody(memory, sender, options.MaxBodyBytes, request.ContentLength);
        Call? call = null;
        try
        {
            while (true)
            {
                var arrived = await ReadAsync(request.BodyReader);
                if (arrived.IsCanceled)
                    return Refuse.BodyTimeout();
                var untaken = body.Take(arrived.Buffer);
                // Also behind what was refused: else Kestrel could not take in the rest.
                request.BodyReader.AdvanceTo(arrived.Buffer.End);
                if (untaken is not null)
                    return untaken;
                if (arrived.IsCompleted)
                    break;
            }
            var read = body.ToCall(operation);
            if (CallScanner.Scan(read) is { } refusal)
                return refusal;
            return call = read;
        }
        // A body that ends early looks the same, but then nobody is there to be refused.
        catch (IOException e) when (e is not ConnectionResetException && !request.HttpContext.RequestAborted.IsCancellationRequested)
        {
            return e is BadHttpRequestException { StatusCode: StatusCodes.Status408RequestTimeout } ? Refuse.BodyTimeout() : Refuse.BadRequest();
        }
        finally
        {
            if (call is null)
                body.GiveBack();
        }
    }

    private ValueTask<ReadResult> ReadAsync(PipeReader body)
    {
        var read = body.ReadAsync(CancellationToken.None);
        return read.IsCompleted ? read : WaitAsync(read, body);
    }

    private async ValueTask<ReadResult> WaitAsync(ValueTask<ReadResult> read, PipeReader body)
    {
        await using var timer = time.CreateTimer(static body => ((PipeReader)body!).CancelPendingRead(), body, options.BodyTimeout, Timeout.InfiniteTimeSpan);
        return await read;
    }

    private static bool IsJson(HttpRequest request)
    {
        if (request.Headers.ContentEncoding.Count > 0 && request.Headers.ContentEncoding != "identity")
            return false;
        var type = request.ContentType.AsSpan();
        var parameters = type.IndexOf(';');
        type = (parameters < 0 ? type : type[..parameters]).Trim();
        return type.Equals("application/json", StringComparison.OrdinalIgnoreCase)
            || (type.StartsWith("application/", StringComparison.OrdinalIgnoreCase) && type.EndsWith("+json", StringComparison.OrdinalIgnoreCase));
    }
}
