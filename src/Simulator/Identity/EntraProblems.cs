using System.Buffers;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;
using OpenAIProxy.Simulator.Errors;

namespace OpenAIProxy.Simulator.Identity;

/// <summary>What Entra and the managed identities say when they refuse, in their own words.</summary>
internal sealed class EntraProblems(TimeProvider time)
{
    private static readonly JsonWriterOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public Problem Missing(string parameter) => Refusal(400, "invalid_request", 900144, $"The request body must contain the following parameter: '{parameter}'.");

    public Problem OnlyPost(string method) => Refusal(405, "invalid_request", 900561, $"The endpoint only accepts POST requests. Received a {method} request.");

    /// <summary>A body that is too long, or that the server could not take in.</summary>
    public Problem Unreadable(int status) => Refusal(status, "invalid_request", 90013, "Invalid input received from the user.");

    public Problem NoTenant(string name) => Refusal(400, "invalid_request", 900023, $"Specified tenant identifier '{name}' is neither a valid DNS name, nor a valid external domain.");

    public Problem UnknownTenant(string name) => Refusal(400, "invalid_request", 90002,
        $"Tenant '{name}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.");

    public Problem AnyTenant() => Refusal(400, "invalid_request", 50059, "No tenant-identifying information found in either the request or implied by any provided credentials.");

    public Problem UnsupportedGrant(string grant) => Refusal(400, "unsupported_grant_type", 70003, $"The app requested an unsupported grant type '{grant}'.");

    public Problem UnknownClient(string clientId, Tenant tenant) => Refusal(400, "unauthorized_client", 700016,
        $"Application with identifier '{clientId}' was not found in the directory '{tenant.Name}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant. You may have sent your authentication request to the wrong tenant.");

    public Problem NoCredential() => Refusal(401, "invalid_client", 7000216, "'client_assertion', 'client_secret' or 'request' is required for the 'client_credentials' grant type.");

    public Problem WrongSecret(string clientId) => Refusal(401, "invalid_client", 7000215,
        $"Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '{clientId}'.");

    public Problem WrongAssertionType() => Refusal(400, "invalid_request", 50099, "The 'client_assertion_type' must be 'urn:ietf:params:oauth:client-assertion-type:jwt-bearer'.");

    public Problem MalformedAssertion() => Refusal(401, "invalid_client", 50027, "JWT token is invalid or malformed.");

    public Problem AssertionOutOfTime() => Refusal(401, "invalid_client", 700024, "Client assertion is not within its valid time range. Current time and the times of the assertion differ.");

    public Problem UnknownSubject(string subject) => Refusal(401, "invalid_client", 700213,
        $"No matching federated identity record found for presented assertion subject '{subject}'. Check your federated identity credential Subject, Audience and Issuer against the presented assertion.");

    public Problem WrongScope(string scope) => Refusal(400, "invalid_scope", 1002012,
        $"The provided value for scope {scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).");

    public Problem Down(int status) => Refusal(status, "temporarily_unavailable", 90033, "A transient error has occurred. Please try again.");

    /// <summary>IMDS: Metadata is its header, and this is all it says.</summary>
    public static Problem Metadata(string description) => new(400, Json(json =>
    {
        json.WriteString("error"u8, "invalid_request");
        json.WriteString("error_description"u8, description);
    }))
    { ContentType = "application/json; charset=utf-8" };

    public static Problem AppService(int status, string message) => new(status, Json(json =>
    {
        json.WriteNumber("statusCode"u8, status);
        json.WriteString("message"u8, message);
        json.WriteString("correlationId"u8, Guid.NewGuid().ToString());
    }))
    { ContentType = "application/json; charset=utf-8" };

    private Problem Refusal(int status, string error, int code, string message)
    {
        var (trace, correlation) = (Guid.NewGuid().ToString(), Guid.NewGuid().ToString());
        var now = $"{time.GetUtcNow():yyyy-MM-dd HH:mm:ss}Z";
        return new(status, Json(json =>
        {
            json.WriteString("error"u8, error);
            json.WriteString("error_description"u8, $"AADSTS{code}: {message} Trace ID: {trace} Correlation ID: {correlation} Timestamp: {now}");
            json.WriteStartArray("error_codes"u8);
            json.WriteNumberValue(code);
            json.WriteEndArray();
            json.WriteString("timestamp"u8, now);
            json.WriteString("trace_id"u8, trace);
            json.WriteString("correlation_id"u8, correlation);
            json.WriteString("error_uri"u8, $"https://login.microsoftonline.com/error?code={code}");
        }))
        { ContentType = "application/json; charset=utf-8" };
    }

    private static string Json(Action<Utf8JsonWriter> write)
    {
        var buffer = new ArrayBufferWriter<byte>();
        using (var json = new Utf8JsonWriter(buffer, Options))
        {
            json.WriteStartObject();
            write(json);
            json.WriteEndObject();
        }

        return Encoding.UTF8.GetString(buffer.WrittenSpan);
    }
}
