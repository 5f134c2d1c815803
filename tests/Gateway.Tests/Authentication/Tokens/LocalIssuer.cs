using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;
using OpenAIProxy.Domain.Events;

namespace OpenAIProxy.Gateway.Tests.Authentication.Tokens;

/// <summary>An identity provider on this machine whose documents a test can bend: those of the simulator are always right.</summary>
internal sealed class LocalIssuer : IAsyncDisposable
{
    public const string Tenant = "6f2d4a0e-8f1b-4c3a-9d57-0b6c1e2f3a4d";
    public const string Audience = "api://hackathon";

    // Making keys is slow; no test changes one.
    public static readonly TestKey Rsa = TestKey.Rsa("rsa");
    public static readonly TestKey Curve = TestKey.Curve("curve");

    private static readonly TimeSpan LongestWait = TimeSpan.FromSeconds(30);

    private readonly WebApplication app;
    private readonly Lock gate = new();
    private readonly List<(int Count, TaskCompletionSource Reached)> awaited = [];
    private TaskCompletionSource? held;

    private LocalIssuer(WebApplication app) => this.app = app;

    public Uri Address { get; private set; } = null!;

    public TokenAdmission Admission => new() { TenantId = Tenant, Audiences = [Audience, "another"], Authority = Address };

    /// <summary>The first document, as a test may bend it.</summary>
    public Func<JsonObject, JsonNode?> Discovery { get; set; } = document => document;

    public List<JsonObject> Keys { get; } = [Rsa.Published, Curve.Published];

    /// <summary>Answers in its place, by the end of the path; null is as it does by itself.</summary>
    public Func<HttpContext, string, Task>? Instead { get; set; }

    /// <summary>How often it was asked where its keys are.</summary>
    public int Discoveries { get; private set; }

    public int KeyRequests { get; private set; }

    public static async Task<LocalIssuer> StartAsync(Action<IWebHostBuilder>? listen = null)
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        (listen ?? (host => host.UseUrls("http://127.0.0.1:0")))(builder.WebHost);
        var issuer = new LocalIssuer(builder.Build());
        issuer.app.Run(issuer.AnswerAsync);
        await issuer.app.StartAsync();
        issuer.Address = new Uri(issuer.app.Urls.Single().TrimEnd('/') + "/");
        return issuer;
    }

    /// <summary>From now on it does not answer.</summary>
    public void Hold() => held = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);

    public void Release() => held?.SetResult();

    /// <summary>Completes when it was asked so often where its keys are.</summary>
    public Task AskedAsync(int count)
    {
        lock (gate)
        {
            var reached = new TaskCompletionSource(TaskCreationOptions.RunContinuationsAsynchronously);
            awaited.Add((count, reached));
            Announce();
            return reached.Task.WaitAsync(LongestWait);
        }
    }

    public async ValueTask DisposeAsync()
    {
        held?.TrySetResult();
        await app.DisposeAsync();
    }

    private async Task AnswerAsync(HttpContext context)
    {
        var isDiscovery = context.Request.Path == $"/{Tenant}/v2.0/.well-known/openid-configuration";
        lock (gate)
        {
            if (isDiscovery)
                Discoveries++;
            else
                KeyRequests++;
            Announce();
        }
        if (held is { } hold)
            await hold.Task.WaitAsync(context.RequestAborted);
        if (Instead is { } instead)
            await instead(context, isDiscovery ? "discovery" : "keys");
        else
            await WriteAsync(context, isDiscovery ? "discovery" : "keys");
    }

    /// <summary>What it says by itself.</summary>
    public Task WriteAsync(HttpContext context, string document)
    {
        var node = document == "discovery"
            ? Discovery(new JsonObject { ["issuer"] = $"{Address}{Tenant}/v2.0", ["jwks_uri"] = $"{Address}{Tenant}/discovery/v2.0/keys" })
            : new JsonObject { ["keys"] = new JsonArray([.. Keys.Select(key => key.DeepClone())]) };
        context.Response.ContentType = "application/json";
        return context.Response.WriteAsync(node?.ToJsonString() ?? "null");
    }

    private void Announce()
    {
        foreach (var (_, reached) in awaited.Where(a => a.Count <= Discoveries))
            reached.TrySetResult();
        awaited.RemoveAll(a => a.Reached.Task.IsCompleted);
    }
}
