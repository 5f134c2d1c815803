using System.Text.Json;
using OpenAIProxy.Simulator.Access;
using OpenAIProxy.Simulator.Catalog;
using OpenAIProxy.Simulator.Errors;
using OpenAIProxy.Simulator.Faults;
using OpenAIProxy.Simulator.Latency;
using OpenAIProxy.Simulator.Limits;
using OpenAIProxy.Simulator.Recorder;
using OpenAIProxy.Simulator.Text;
using OpenAIProxy.Simulator.Wire;

namespace OpenAIProxy.Simulator.Operations;

/// <summary>
/// The life of a request: 1. match the path, 2. read and record, 3. check credential and version, 4. deal a fault,
/// 5. find the deployment, 6. admit, 7. answer. The entry ends whatever happens.
/// </summary>
internal sealed class FrontDoor(
    SimulatorOptions options, Doorkeeper doorkeeper, FaultDesk faults, Gate gate, Journal journal, TimeProvider time)
{
    private const int MostBodyKept = 256 * 1024;
    private long calls;

    public async Task AnswerAsync(HttpContext http)
    {
        // 1.
        var route = Route.Match(http.Request, options.BasePath);

        // 2.
        var (entry, period) = journal.Open(http.Request);
        entry.Operation = route.Operation?.Path;
        var body = await ReadAsync(http, entry, period);
        if (body is null)
            return;
        using var document = Parse(body);
        entry.Keep(body, MostBodyKept);
        var deploymentName = route.Deployment ?? (route.IsV1 ? NamedModel(document) : null);
        entry.Deployment = deploymentName is null ? null : options.Deployments.Find(deploymentName);
        period.Begin(entry);

        try
        {
            await AnswerAsync(http, route, entry, deploymentName, document, body.Length);
            entry.Complete();
        }
        catch (RefusedException refused)
        {
            await RefuseAsync(http, entry, refused.Problem);
        }
        catch (OperationCanceledException)
        {
            // Also when the connection has heard of it before the token has.
            entry.End(EntryState.Cancelled);
        }
        finally
        {
            // Reached by an error of ours only: every other way out has ended the entry.
            entry.End(EntryState.Failed);
        }
    }

    private async Task AnswerAsync(HttpContext http, Route route, Entry entry, string? deploymentName, JsonDocument? document, int bodyLength)
    {
        // 3.
        if (route.IsNothing)
            throw new RefusedException(AzureProblems.ResourceNotFound);
        if (doorkeeper.Refuse(http.Request, route.IsV1) is { } refusal)
            throw new RefusedException(refusal);
        var version = VersionOf(http.Request.Query["api-version"], route);
        if (route.Listing is { } listing)
        {
            await ListAsync(http, entry, listing, version);
            return;
        }

        // 4. A deployment that is not there can have faults as well.
        var operation = route.Operation!;
        var fault = faults.Next(deploymentName, operation.Path);
        entry.Fault = fault is null ? null : FaultPlanReader.Name(fault.Kind);
        if (fault is not null && await AnswerInsteadAsync(http, entry, fault))
            return;

        // 5.
        var deployment = FindDeployment(entry.Deployment, deploymentName, operation, version, document);

        // 6.
        var estimate = deployment.Limit.IsOff ? bodyLength / 4 : Estimator.Estimate(document);
        var admission = deployment.Limit.Admit(estimate, time);
        AnswerHeaders.WriteCommon(http, entry.Id);
        AnswerHeaders.WriteDeployment(http.Response.Headers, deployment, admission);
        if (admission.Exceeded != Exceeded.Nothing)
            throw new RefusedException(AzureProblems.RateLimited(operation, version.Text, admission.Exceeded, admission.TokensReset, admission.RequestsReset));

        // 7.
        var pace = new Pace(options.Latency, new Dice(Hash.Mix(options.Seed ^ (ulong)Interlocked.Increment(ref calls))), time);
        AnswerHeaders.WriteModel(http, deployment, operation, pace);
        if (document is not { RootElement: { ValueKind: JsonValueKind.Object } root })
            throw new RefusedException(OpenAIProblems.NotJson);
        var call = new Call(http, entry, operation, deployment, version, root, new Outlet(http, entry, fault, gate), pace, options.Seed,
            time.GetUtcNow().ToUnixTimeSeconds());
        await (operation.Kind switch
        {
            OperationKind.ChatCompletions => Chat.ChatOperation.AnswerAsync(call),
            OperationKind.Completions => Completions.CompletionsOperation.AnswerAsync(call),
            _ => Embeddings.EmbeddingsOperation.AnswerAsync(call),
        });
    }

    private static ApiVersion VersionOf(string? text, Route route)
    {
        // The v1 surface needs no version and refuses the dated ones.
        if (route.IsV1)
            return text is null or "" or "v1" or "preview" or "latest" ? ApiVersion.Newest : throw new RefusedException(AzureProblems.ApiVersionNotSupported);
        if (string.IsNullOrEmpty(text))
            throw new RefusedException(AzureProblems.ResourceNotFound);
        var version = new ApiVersion(text);
        if (!version.IsKnown)
            throw new RefusedException(AzureProblems.ApiVersionNotSupported);
        // Chat came with 2023-03-15-preview, its extensions lived from 2023-06-01-preview until 2024.
        var isServed = route.Operation switch
        {
            { IsExtension: true } => version.IsSince("2023-06-01") && version.IsOfOldShape,
            { Kind: OperationKind.ChatCompletions } => version.IsSince("2023-03-15"),
            _ => true,
        };
        return isServed ? version : throw new RefusedException(AzureProblems.ResourceNotFound);
    }

    private static Deployment FindDeployment(Deployment? deployment, string? name, Operation operation, ApiVersion version, JsonDocument? document)
    {
        if (name is null)
            throw new RefusedException(document is null ? OpenAIProblems.NotJson : OpenAIProblems.Missing("model"));
        if (deployment is null)
            throw new RefusedException(AzureProblems.DeploymentNotFound);
        if (!deployment.Model.Supports(operation))
            throw new RefusedException(AzureProblems.OperationNotSupported(operation, deployment.Model));
        if (deployment.Model.Kind == ModelKind.Reasoning && !version.IsSince("2024-12-01"))
            throw new RefusedException(AzureProblems.ModelNeedsNewerVersion(deployment.Model));
        return deployment;
    }

    /// <returns>True if the fault was the whole answer.</returns>
    private async Task<bool> AnswerInsteadAsync(HttpContext http, Entry entry, Fault fault)
    {
        if (fault.Pause > TimeSpan.Zero)
            await Task.Delay(fault.Pause, time, http.RequestAborted);
        if (fault.Kind == FaultKind.Hang)
            await Task.Delay(Timeout.InfiniteTimeSpan, time, http.RequestAborted);
        if (fault is { Kind: FaultKind.Reset, After: null, InBody: false })
        {
            entry.End(EntryState.Failed);
            http.Abort();
            return true;
        }

        if (fault.Answer is not { } answer)
            return false;
        await RefuseAsync(http, entry, answer);
        return true;
    }

    private async Task ListAsync(HttpContext http, Entry entry, string listing, ApiVersion version)
    {
        var body = Listings.Write(listing, options.Deployments, version) ?? throw new RefusedException(AzureProblems.ResourceNotFound);
        AnswerHeaders.WriteCommon(http, entry.Id);
        await new Outlet(http, entry, null, gate).SendBodyAsync(body);
    }

    private static async Task RefuseAsync(HttpContext http, Entry entry, Problem problem)
    {
        var response = http.Response;
        if (problem.IsFromFront)
            AnswerHeaders.WriteFront(http);
        else
            AnswerHeaders.WriteCommon(http, entry.Id);
        entry.Status = response.StatusCode = problem.Status;
        response.ContentType = problem.ContentType;
        foreach (var header in problem.Headers)
            response.Headers[header.Key] = header.Value;
        var body = problem.Bytes;
        response.ContentLength = body.Length;
        // As with a success: whoever has read the answer finds it counted. An empty success is none.
        entry.End(EntryState.Failed);
        await response.BodyWriter.WriteAsync(body, http.RequestAborted);
    }

    private static async Task<byte[]?> ReadAsync(HttpContext http, Entry entry, Period period)
    {
        try
        {
            return await Body.ReadAsync(http.Request, http.RequestAborted);
        }
        catch (BadHttpRequestException unreadable)
        {
            period.Begin(entry);
            await RefuseAsync(http, entry, new(unreadable.StatusCode, """{"error":{"code":"BadRequest","message":"The request body could not be read."}}"""));
            return null;
        }
        catch (Exception gone) when (gone is OperationCanceledException or IOException)
        {
            period.Begin(entry);
            entry.End(EntryState.Cancelled);
            return null;
        }
    }

    private static JsonDocument? Parse(byte[] body)
    {
        try
        {
            var document = JsonDocument.Parse(body);
            return JsonText.IsWhole(document, body) ? document : null;
        }
        catch (JsonException)
        {
            return null;
        }
    }

    private static string? NamedModel(JsonDocument? document) =>
        document?.RootElement is { ValueKind: JsonValueKind.Object } root && root.TryGetProperty("model", out var model) && model.ValueKind == JsonValueKind.String
            ? model.GetString()
            : null;
}
