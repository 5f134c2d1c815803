using System.Net.Http.Headers;
using System.Net.Sockets;
using System.Security.Authentication;
using System.Text;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Gateway.Forwarding;
using OpenAIProxy.Gateway.Forwarding.Credentials;
using OpenAIProxy.Gateway.Operations;
using OpenAIProxy.Gateway.Routing;

namespace OpenAIProxy.Gateway.Probing;

/// <summary>Calls a backend as the data plane does, with the smallest request there is, and says in words what is wrong.</summary>
internal sealed class BackendProbe(BackendConnections connections, ProbeEntries entries, TimeProvider time) : IBackendProbe
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    public async Task<ProbeResult> TestAsync(Backend backend, string deployment, Operation operation, Model? model, CancellationToken cancellation)
    {
        var began = time.GetTimestamp();
        var (step, message) = await TryAsync(backend, deployment, operation, model, cancellation);
        return new ProbeResult(step, message, time.GetElapsedTime(began));
    }

    private async Task<(ProbeStep Step, string Message)> TryAsync(Backend backend, string deployment, Operation operation, Model? model, CancellationToken cancellation)
    {
        if (backend.Credential is BackendCredential.Unreadable { Reason: var reason })
            return (ProbeStep.Key, reason);
        using var deadline = new Deadline(Patience, TimeSpan.Zero, time, cancellation);
        var target = Router.TargetOf(backend, deployment, OperationSpec.Of(operation), backend.ApiVersion);
        await using var entry = await entries.BeginAsync(model, deployment, operation, cancellation);
        try
        {
            using var answer = await connections.SendAsync(
                backend, (target, operation, family: model?.Family ?? ModelFamily.Chat), static of => new(HttpMethod.Post, of.target) { Content = Body(of.operation, of.family) }, deadline.Token);
            var text = await answer.Content.ReadAsByteArrayAsync(deadline.Token);
            entry.Answered((int)answer.StatusCode, text);
            return ErrorAnswer.HasSpentOutput(text) ? Answers(deployment) : Judge((int)answer.StatusCode, Encoding.UTF8.GetString(text), backend, deployment);
        }
        catch (OperationCanceledException e) when (BackendConnections.HasNotConnected(e))
        {
            entry.NeverLeft();
            return (ProbeStep.Network, $"{backend.Endpoint.Authority} cannot be reached ({e.InnerException!.Message}): check the endpoint's port, and firewalls between.");
        }
        catch (OperationCanceledException) when (!cancellation.IsCancellationRequested)
        {
            return (ProbeStep.Network, $"It did not answer within {Patience.TotalSeconds:0} seconds: check the endpoint and the network between.");
        }
        catch (TokenUnavailableException e)
        {
            entry.NeverLeft();
            return (ProbeStep.Token, $"There is no token for it: {e.Message}");
        }
        catch (HttpRequestException e)
        {
            if (e.HttpRequestError is HttpRequestError.NameResolutionError or HttpRequestError.ConnectionError or HttpRequestError.SecureConnectionError)
                entry.NeverLeft();
            return Judge(e, backend);
        }
    }

    private static (ProbeStep Step, string Message) Judge(HttpRequestException e, Backend backend) => e switch
    {
        { HttpRequestError: HttpRequestError.NameResolutionError } => (ProbeStep.Name, $"The host name {backend.Endpoint.Host} is not known: check the endpoint for a typing error."),
        { InnerException: AuthenticationException tls } => (ProbeStep.Tls, $"A secure connection cannot be made: {tls.Message}"),
        { InnerException: SocketException socket } => (ProbeStep.Network, $"{backend.Endpoint.Authority} cannot be reached ({socket.Message}): check the endpoint's port, and firewalls between."),
        _ => (ProbeStep.Network, $"The connection to {backend.Endpoint.Authority} broke: {e.Message}"),
    };

    // What Azure says to whom, and what it means, is in docs/guide/backends.md.
    private static (ProbeStep Step, string Message) Judge(int status, string text, Backend backend, string deployment) => status switch
    {
        >= 200 and < 300 => Answers(deployment),
        401 when backend.Credential is BackendCredential.Entra credential => (ProbeStep.Token, JudgeToken(text, TokenOrder.Of(backend, credential))),
        401 => (ProbeStep.Key, "It does not accept the key: check that it is one of this resource's keys, and that the endpoint is this resource's."),
        403 => (ProbeStep.Key, "It refuses this server: check the resource's network rules and the rights of the key or the identity."),
        404 when text.Contains("DeploymentNotFound", StringComparison.Ordinal) => (ProbeStep.Deployment, $"The resource has no deployment '{deployment}': deployment names are given in the resource, and a new one takes some minutes."),
        404 => (ProbeStep.Answer, "There is nothing at this path: check the endpoint; it ends before /openai."),
        400 when text.Contains("API version", StringComparison.OrdinalIgnoreCase) || text.Contains("api versions", StringComparison.OrdinalIgnoreCase) =>
            (ProbeStep.ApiVersion, $"It does not take the api-version {backend.ApiVersion} for this model: set a newer one."),
        400 when text.Contains("OperationNotSupported", StringComparison.Ordinal) => (ProbeStep.Deployment, $"The deployment '{deployment}' is of a model that does not have this operation."),
        400 when text.Contains("'max_completion_tokens'", StringComparison.Ordinal) =>
            (ProbeStep.Deployment, $"The deployment '{deployment}' is of a model that reasons: give its model the family 'reasoning'."),
        429 => (ProbeStep.Quota, "It is at its limit: key, deployment and network are right, but the quota is used up for the moment."),
        _ => (ProbeStep.Answer, $"It answered {status}, which says nothing about the settings: try again, and look at the resource's status."),
    };

    private static (ProbeStep Step, string Message) Answers(string deployment) => (ProbeStep.Ok, $"The deployment '{deployment}' answers.");

    // Azure names the principal and the action in the first case and says one sentence for all others.
    private static string JudgeToken(string text, TokenOrder order) => text.Contains("PermissionDenied", StringComparison.Ordinal)
        ? "It knows the identity, which may not call it: give the identity the role Cognitive Services OpenAI User on the resource; that takes some minutes to be in force."
        : $"It does not accept the token: check that the scope {order.Scope} and the identity's directory are those of the resource.";

    private static ByteArrayContent Body(Operation operation, ModelFamily family)
    {
        var json = operation switch
        {
            Operation.Embeddings => """{"input":"hello"}""",
            Operation.Completions => """{"prompt":"hello","max_tokens":1}""",
            // Reasoning models refuse a limit that leaves no room to think, and take it under another name.
            _ when family == ModelFamily.Reasoning => """{"messages":[{"role":"user","content":"hello"}],"max_completion_tokens":64}""",
            _ => """{"messages":[{"role":"user","content":"hello"}],"max_tokens":1}""",
        };
        return new ByteArrayContent(Encoding.UTF8.GetBytes(json)) { Headers = { ContentType = new MediaTypeHeaderValue("application/json") } };
    }
}
