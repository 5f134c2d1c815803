using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.Logging;

namespace OpenAIProxy.Cli.Tests;

/// <summary>
/// A small server that keeps what it is given and answers as the management API says it does: pages, ETags, problem details.
/// All that the tests expect of a server is in this class.
/// </summary>
internal sealed class AdminServer : IAsyncDisposable
{
    public const string Token = "canary-admin-token";
    public const string NewKey = "canary-new-key";

    private static readonly Dictionary<string, string> IdOf = new() { ["events"] = "code", ["models"] = "name", ["backends"] = "name", ["tokens"] = "id" };
    private readonly WebApplication app;
    private int version;

    private AdminServer(WebApplication app) => this.app = app;

    public Dictionary<string, List<JsonObject>> Things { get; } = new()
    {
        ["events"] = [],
        ["models"] = [],
        ["backends"] = [],
        ["deployments"] = [],
        ["tokens"] = [],
        ["attendees"] = [],
        ["keys"] = [],
        ["audit"] = [],
        ["limits"] = [],
        ["refusals"] = [],
        ["entries"] = [],
    };

    public List<Asked> Requests { get; } = [];

    public string Url => app.Urls.First();

    /// <summary>What somebody else does between a command's look and its change.</summary>
    public Action? BeforeChange { get; set; }

    public JsonObject TestAnswer { get; set; } = new() { ["ok"] = true, ["step"] = "ok", ["message"] = "", ["milliseconds"] = 120 };

    public JsonObject UsageAnswer { get; set; } = new() { ["total"] = new JsonObject { ["requests"] = 0, ["cost"] = 0 }, ["groups"] = new JsonArray() };

    public JsonObject FindingsAnswer { get; set; } = new() { ["entries"] = 3, ["totals"] = 2, ["accounts"] = 4, ["openReservations"] = 1, ["differences"] = new JsonArray() };

    public string CsvAnswer { get; set; } = "id,request\r\n1,ä\r\n";

    /// <summary>What the server says to everything, with 404, instead of answering: it is another listener.</summary>
    public JsonObject? Elsewhere { get; set; }

    /// <summary>Whether a download ends before it is whole.</summary>
    public bool BreaksOff { get; set; }

    /// <summary>After how many batches of keys the next one is made, and nobody hears of it.</summary>
    public int? BatchesTold { get; set; }

    public static async Task<AdminServer> StartAsync()
    {
        var builder = WebApplication.CreateSlimBuilder();
        builder.Logging.ClearProviders();
        builder.WebHost.UseUrls("http://127.0.0.1:0");
        var built = builder.Build();
        var server = new AdminServer(built);
        built.Run(server.HandleAsync);
        await built.StartAsync();
        return server;
    }

    public JsonObject Add(string kind, JsonObject thing)
    {
        Touch(thing);
        Things[kind].Add(thing);
        return thing;
    }

    public void Touch(JsonObject thing) => thing["etag"] = $"v{++version}";

    public async ValueTask DisposeAsync()
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }

    private async Task HandleAsync(HttpContext context)
    {
        var request = context.Request;
        using var reader = new StreamReader(request.Body);
        var text = await reader.ReadToEndAsync();
        var body = text.Length > 0 ? JsonNode.Parse(text)!.AsObject() : [];
        Requests.Add(new(request.Method, request.Path, body, request.Headers.IfMatch.ToString(), request.QueryString.Value ?? ""));
        if (Elsewhere is not null)
        {
            await WriteAsync(context, Elsewhere, 404);
            return;
        }
        if (request.Headers.Authorization != $"Bearer {Token}")
        {
            await ProblemAsync(context, 401, "The token is not known.");
            return;
        }
        var path = request.Path.Value!.Split('/', StringSplitOptions.RemoveEmptyEntries);
        await AnswerAsync(context, request.Method, path is ["api", .. var rest] ? rest : [], body);
    }

    private Task AnswerAsync(HttpContext context, string method, string[] path, JsonObject body) => (method, path) switch
    {
        ("GET", ["whoami"]) => WriteAsync(context, new() { ["name"] = "admin", ["role"] = "administrator" }),
        ("GET", ["configuration"]) => ExportAsync(context),
        ("POST", ["configuration"]) => ApplyAsync(context, body),
        ("POST", ["events", var code, "keys", "batch"]) => BatchAsync(context, code, body),
        ("POST", ["events", _, "keys"]) => WriteAsync(context, new() { ["id"] = 1, ["key"] = NewKey, ["user"] = body["user"]!.DeepClone() }, 201),
        ("POST", ["events", _, "keys", _, "rotate"]) => WriteAsync(context, new() { ["id"] = 2, ["key"] = NewKey }, 201),
        ("POST", ["events", _, "attendees", var id, "block" or "unblock"]) => WriteAsync(context, Things["attendees"].First(a => a["id"]!.ToString() == id)),
        ("GET", ["events", _, ("attendees" or "keys" or "limits" or "refusals") and var kind]) => ListAsync(context, kind),
        ("POST", ["events", _, "limits"]) => CreateAsync(context, "limits", body),
        ("GET" or "PATCH", ["events", _, "limits", var id]) => WriteAsync(context, Things["limits"].First(l => l["id"]!.ToString() == id)),
        ("PUT", ["events", _, "attendees", _, "caps", _]) or ("PUT", ["models", _, "price"]) => WriteAsync(context, body),
        ("DELETE", ["models", _, "price"]) => EndAsync(context, 204),
        ("GET", ["usage"]) or ("GET", ["events", _, "usage"]) => WriteAsync(context, (JsonObject)UsageAnswer.DeepClone()),
        ("GET", ["events", _, "entries"]) or ("GET", ["entries"]) => ListAsync(context, "entries"),
        ("GET", ["events", _, "entries.csv"]) or ("GET", ["entries.csv"]) => CsvAsync(context),
        ("POST", ["ledger", "verify"]) => WriteAsync(context, (JsonObject)FindingsAnswer.DeepClone()),
        ("PUT", ["events", _, "shared-secret"]) => WriteAsync(context, new() { ["sharedSecret"] = body["sharedSecret"]?.ToString() ?? "made-up" }),
        ("DELETE", ["events", _, _, ..]) or ("PUT", ["events", _, "organisers", _]) => EndAsync(context, 204),
        ("POST", ["events", var code, "extend"]) => StepAsync(context, code, "open"),
        ("POST", ["events", var code, "copy"]) => CreateAsync(context, "events", Copy(code, body)),
        ("POST", ["events", var code, var step]) => StepAsync(context, code, step switch { "open" or "resume" => "open", "pause" => "paused", "close" => "closed", _ => step }),
        ("POST", ["backends", _, "test"]) => WriteAsync(context, (JsonObject)TestAnswer.DeepClone()),
        ("GET", [var kind]) when Things.ContainsKey(kind) => ListAsync(context, kind),
        ("POST", ["tokens"]) => WriteAsync(context, new() { ["id"] = "3", ["token"] = NewKey, ["name"] = body["name"]?.DeepClone() }, 201),
        ("POST", [var kind]) when Things.ContainsKey(kind) => CreateAsync(context, kind, body),
        ("DELETE", ["deployments" or "tokens", ..]) => EndAsync(context, 204),
        (_, [var kind, var name]) when IdOf.ContainsKey(kind) => OneAsync(context, kind, name, body),
        ("GET", ["events", _, "attendees", var id]) => WriteAsync(context, Things["attendees"].First(a => a["id"]!.ToString() == id)),
        _ => EndAsync(context, 404),
    };

    private async Task CsvAsync(HttpContext context)
    {
        context.Response.ContentType = "text/csv; charset=utf-8";
        await context.Response.WriteAsync(CsvAnswer);
        await context.Response.Body.FlushAsync();
        if (BreaksOff)
            context.Abort();
    }

    private Task ListAsync(HttpContext context, string kind)
    {
        var query = context.Request.Query;
        var page = int.Parse(query["page"].FirstOrDefault() ?? "1");
        var size = int.Parse(query["pageSize"].FirstOrDefault() ?? "50");
        var all = Things[kind].Where(t => query["user"].FirstOrDefault() is not { } user || (t["user"] ?? t["name"])?.ToString() == user).ToList();
        var items = all.Skip((page - 1) * size).Take(size).Select(t => (JsonNode)Shown(kind, t)).ToArray();
        return WriteAsync(context, new() { ["items"] = new JsonArray(items), ["total"] = all.Count, ["page"] = page, ["pageSize"] = size });
    }

    private JsonObject Shown(string kind, JsonObject thing)
    {
        var shown = (JsonObject)thing.DeepClone();
        if (kind == "models")
            shown["deploymentCount"] = Things["deployments"].Count(d => d["model"]?.ToString() == thing["name"]?.ToString());
        return shown;
    }

    private Task CreateAsync(HttpContext context, string kind, JsonObject body)
    {
        if (kind == "events" && body["name"]?.ToString() == "")
            return ProblemAsync(context, 400, "The event is not complete.", new() { ["name"] = new JsonArray("A name is needed.") });
        if (IdOf.TryGetValue(kind, out var id) && Things[kind].Any(t => t[id]!.ToString() == body[id]!.ToString()))
            return ProblemAsync(context, 409, $"{body[id]} is there already.");
        var made = (JsonObject)body.DeepClone();
        if (kind == "events")
            made["standing"] = StandingOf(made);
        made["hasApiKey"] = made.Remove("apiKey");
        made["hasClientSecret"] = (made["entra"] as JsonObject)?.Remove("clientSecret") ?? false;
        made.Remove("sharedSecret");
        return WriteAsync(context, Add(kind, made), 201);
    }

    // On the first of May 2026, when these tests take place.
    private static string? StandingOf(JsonObject made) => (made["state"]?.ToString(), made["start"]?.ToString(), made["end"]?.ToString()) switch
    {
        ("open", { } start, _) when string.CompareOrdinal(start, "2026-05-02") > 0 => "notYetOpen",
        ("open", _, { } end) when string.CompareOrdinal(end, "2026-05-01") < 0 => "over",
        var (state, _, _) => state,
    };

    private Task OneAsync(HttpContext context, string kind, string name, JsonObject body)
    {
        if (Things[kind].Find(t => t[IdOf[kind]]!.ToString() == name) is not { } thing)
            return ProblemAsync(context, 404, $"There is no {name}.");
        if (context.Request.Method == "GET")
            return WriteAsync(context, thing);
        BeforeChange?.Invoke();
        var ifMatch = context.Request.Headers.IfMatch.ToString();
        if (ifMatch.Length == 0)
            return ProblemAsync(context, 428, "Say If-Match.");
        if (ifMatch != "*" && ifMatch != $"\"{thing["etag"]}\"")
            return ProblemAsync(context, 412, "It is not what it was.");
        if (context.Request.Method == "DELETE")
        {
            Things[kind].Remove(thing);
            return EndAsync(context, 204);
        }
        Patch(thing, body);
        // Secrets are write-only.
        if (thing.Remove("apiKey"))
            thing["hasApiKey"] = true;
        if (thing["entra"] is JsonObject entra && entra.Remove("clientSecret"))
            thing["hasClientSecret"] = true;
        Touch(thing);
        return WriteAsync(context, thing);
    }

    // RFC 7396.
    private static void Patch(JsonObject thing, JsonObject patch)
    {
        foreach (var (field, value) in patch)
            if (value is JsonObject inner && thing[field] is JsonObject present)
                Patch(present, inner);
            else
                thing[field] = value?.DeepClone();
    }

    private JsonObject Copy(string code, JsonObject changes)
    {
        var copy = (JsonObject)Things["events"].First(e => e["code"]!.ToString() == code).DeepClone();
        foreach (var (field, value) in changes)
            copy[field] = value?.DeepClone();
        copy["state"] = "draft";
        return copy;
    }

    private Task StepAsync(HttpContext context, string code, string state)
    {
        if (Things["events"].Find(t => t["code"]!.ToString() == code) is not { } found)
            return ProblemAsync(context, 404, $"There is no {code}.");
        if (found["state"]?.ToString() == "archived")
            return ProblemAsync(context, 409, "An archived event stays so.");
        found["state"] = state;
        found["standing"] = state;
        Touch(found);
        return WriteAsync(context, found);
    }

    private Task BatchAsync(HttpContext context, string code, JsonObject body)
    {
        if (Requests.Count > BatchesTold)
        {
            context.Abort();
            return Task.CompletedTask;
        }
        var items = body["users"]!.AsArray().Select((u, i) => (JsonNode?)new JsonObject { ["id"] = i, ["user"] = u!.ToString(), ["key"] = $"{NewKey}-{code}-{i}" });
        return WriteAsync(context, new() { ["items"] = new JsonArray([.. items]) }, 201);
    }

    private Task ExportAsync(HttpContext context) => WriteAsync(context, new()
    {
        ["backends"] = Exported("backends"),
        ["models"] = Exported("models"),
        ["deployments"] = Exported("deployments"),
        ["events"] = Exported("events"),
        ["requiredSecrets"] = new JsonArray([.. Things["backends"].Select(SecretOf)]),
    });

    private JsonArray Exported(string kind) => new([.. Things[kind].Select(t =>
    {
        var thing = (JsonObject)t.DeepClone();
        foreach (var own in (string[])["etag", "hasApiKey", "hasClientSecret", "standing", "apiKey"])
            thing.Remove(own);
        (thing["entra"] as JsonObject)?.Remove("clientSecret");
        return (JsonNode?)thing;
    })]);

    private static JsonNode? SecretOf(JsonObject backend) => $"backends/{backend["name"]}/{(backend["entra"] is null ? "apiKey" : "entra/clientSecret")}";

    private Task ApplyAsync(HttpContext context, JsonObject body)
    {
        var changes = new JsonArray();
        var isDryRun = body["dryRun"]!.GetValue<bool>();
        foreach (var kind in (string[])["backends", "models", "events"])
        {
            var wanted = (body["document"]![kind] as JsonArray ?? []).Select(n => (JsonObject)n!.DeepClone()).ToList();
            foreach (var thing in wanted)
                Merge(changes, kind, thing, isDryRun);
            var unnamed = Things[kind].Where(t => wanted.All(w => Id(kind, w) != Id(kind, t))).ToList();
            foreach (var thing in body["prune"]!.GetValue<bool>() ? unnamed : [])
            {
                changes.Add(new JsonObject { ["action"] = "delete", ["kind"] = kind[..^1], ["name"] = Id(kind, thing) });
                if (!isDryRun)
                    Things[kind].Remove(thing);
            }
        }
        return WriteAsync(context, new() { ["changes"] = changes, ["applied"] = !isDryRun });
    }

    private void Merge(JsonArray changes, string kind, JsonObject wanted, bool isDryRun)
    {
        var present = Things[kind].Find(t => Id(kind, t) == Id(kind, wanted));
        var fields = new JsonObject();
        foreach (var (field, value) in wanted)
            if (!JsonNode.DeepEquals(present?[field], value))
                fields[field] = new JsonObject { ["before"] = Masked(field, present?[field]), ["after"] = Masked(field, value) };
        if (fields.Count == 0)
            return;
        changes.Add(new JsonObject { ["action"] = present is null ? "create" : "change", ["kind"] = kind[..^1], ["name"] = Id(kind, wanted), ["fields"] = fields });
        if (isDryRun)
            return;
        foreach (var (field, value) in wanted)
            (present ??= Add(kind, []))[field] = value?.DeepClone();
    }

    private static JsonNode? Masked(string field, JsonNode? value)
    {
        if (field is "apiKey" && value is not null)
            return "•••";
        var masked = value?.DeepClone();
        if (masked is JsonObject holder && holder.ContainsKey("clientSecret"))
            holder["clientSecret"] = "•••";
        return masked;
    }

    private static string Id(string kind, JsonObject thing) => thing[IdOf[kind]]!.ToString();

    private static Task ProblemAsync(HttpContext context, int status, string detail, JsonObject? errors = null) => WriteAsync(
        context,
        new() { ["type"] = "about:blank", ["title"] = "No", ["status"] = status, ["detail"] = detail, ["requestId"] = "r1", ["errors"] = errors },
        status,
        "application/problem+json");

    private static Task EndAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }

    private static async Task WriteAsync(HttpContext context, JsonObject json, int status = 200, string type = "application/json")
    {
        context.Response.StatusCode = status;
        context.Response.ContentType = type;
        if (json["etag"] is { } etag)
            context.Response.Headers.ETag = $"\"{etag}\"";
        await context.Response.WriteAsync(json.ToJsonString());
    }
}
