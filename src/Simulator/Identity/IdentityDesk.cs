using System.Text;
using Microsoft.AspNetCore.Http.Features;
using OpenAIProxy.Simulator.Errors;
using OpenAIProxy.Simulator.Operations;

namespace OpenAIProxy.Simulator.Identity;

/// <summary>Microsoft Entra ID and the managed identities, as far as a client of a model needs them.</summary>
internal sealed class IdentityDesk(
    IdentityState state, ClientCredentials credentials, ManagedIdentity managed, IdentityDocuments documents, EntraProblems problems, TimeProvider time)
{
    private const long MostFormBytes = 64 * 1024;

    public async Task AnswerAsync(HttpContext http, IdentityRoute route)
    {
        var outage = state.Ask(route.Endpoint);
        try
        {
            if (outage?.Kind == OutageKind.Hang)
                await Task.Delay(Timeout.InfiniteTimeSpan, time, http.RequestAborted);
            if (outage?.Kind == OutageKind.Status)
                await SendAsync(http, DownFor(outage));
            else
                await SendAsync(http, 200, "application/json; charset=utf-8", await BodyAsync(http, route), outage?.Kind == OutageKind.Garbage);
        }
        catch (RefusedException refused)
        {
            await SendAsync(http, refused.Problem);
        }
        catch (BadHttpRequestException unreadable)
        {
            await SendAsync(http, problems.Unreadable(unreadable.StatusCode));
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            // The client has not waited.
            http.Abort();
        }
    }

    private async Task<byte[]> BodyAsync(HttpContext http, IdentityRoute route) => route.Endpoint switch
    {
        IdentityEndpoint.Token => await TokenAsync(http, route.Tenant),
        IdentityEndpoint.Configuration => IdentityDocuments.Configuration(http.Request, TenantOf(route.Tenant)),
        IdentityEndpoint.Keys => KeysOf(http.Request, route.Tenant),
        IdentityEndpoint.Instance => IdentityDocuments.Instance(http.Request),
        IdentityEndpoint.AppService => managed.AnswerAppService(http.Request),
        _ => managed.AnswerMetadata(http.Request),
    };

    private async Task<byte[]> TokenAsync(HttpContext http, string tenantName)
    {
        http.Features.GetRequiredFeature<IHttpMaxRequestBodySizeFeature>().MaxRequestBodySize = MostFormBytes;
        var form = Encoding.UTF8.GetString(await Body.ReadAsync(http.Request, http.RequestAborted));
        return HttpMethods.IsPost(http.Request.Method)
            ? credentials.Answer(http.Request, TenantOf(tenantName), form)
            : throw new RefusedException(problems.OnlyPost(http.Request.Method));
    }

    private byte[] KeysOf(HttpRequest request, string tenantName)
    {
        _ = TenantOf(tenantName);
        return documents.Keys(request);
    }

    private Tenant TenantOf(string name)
    {
        var tenant = Tenant.Find(name) ?? throw new RefusedException(problems.NoTenant(name));
        return tenant.IsAny || state.Settings.Tenants?.Any(known => known.Id == tenant.Id) != false
            ? tenant
            : throw new RefusedException(problems.UnknownTenant(name));
    }

    private Problem DownFor(Outage outage)
    {
        var down = problems.Down(outage.Status);
        return down with
        {
            Body = outage.Body ?? down.Body,
            Headers = outage.RetryAfter is { } after ? [new("Retry-After", after)] : [],
        };
    }

    private static Task SendAsync(HttpContext http, Problem problem)
    {
        foreach (var (name, value) in problem.Headers)
            http.Response.Headers[name] = value;
        return SendAsync(http, problem.Status, problem.ContentType, problem.Bytes, isGarbage: false);
    }

    private static async Task SendAsync(HttpContext http, int status, string? contentType, byte[] body, bool isGarbage)
    {
        var response = http.Response;
        response.StatusCode = status;
        response.ContentType = contentType;
        response.Headers.CacheControl = "no-store, no-cache";
        response.Headers.Pragma = "no-cache";
        response.Headers["x-ms-request-id"] = Guid.NewGuid().ToString();
        var sent = isGarbage ? body.AsMemory(0, body.Length / 2) : body;
        response.ContentLength = sent.Length;
        await response.BodyWriter.WriteAsync(sent, http.RequestAborted);
    }
}
