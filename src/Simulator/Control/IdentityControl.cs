using System.Text;
using System.Text.Json;
using OpenAIProxy.Simulator.Identity;

namespace OpenAIProxy.Simulator.Control;

/// <summary>What stands under <c>/simulator/identity</c> and <c>/simulator/tokens</c>.</summary>
internal sealed class IdentityControl(IdentityState state, SigningKeys keys, Mint mint, TimeProvider time)
{
    public const string Verbs =
        "GET, PUT and DELETE /simulator/identity, POST /simulator/identity/rotate, POST /simulator/identity/revoke, POST /simulator/tokens";

    private static readonly IdentityEndpoint[] Endpoints = Enum.GetValues<IdentityEndpoint>();

    /// <returns>Null if there is no such verb.</returns>
    public Func<HttpContext, Task>? Find(string method, string path) => (method, path) switch
    {
        ("GET", "/identity") => ShowAsync,
        ("PUT", "/identity") => http => ControlAnswer.ReadAsync(http, body => state.Set(IdentitySettingsReader.Read(body)), Write),
        ("DELETE", "/identity") => http => ControlAnswer.DoAsync(http, state.Reset),
        ("POST", "/identity/rotate") => http => ControlAnswer.ReadAsync(http, body => keys.Rotate(Withdraws(body)), Write),
        ("POST", "/identity/revoke") => http => ControlAnswer.DoAsync(http, state.Revoke),
        ("POST", "/tokens") => IssueAsync,
        _ => null,
    };

    private async Task ShowAsync(HttpContext http)
    {
        foreach (var endpoint in Endpoints)
        {
            if (!await Waiting.ForAsync(http, Name(endpoint), state.Asked(endpoint), time))
                return;
        }

        await ControlAnswer.SendAsync(http, 200, Write);
    }

    private async Task IssueAsync(HttpContext http)
    {
        Minted? minted = null;
        await ControlAnswer.ReadAsync(http, body =>
        {
            minted = mint.Issue(TokenOrderReader.Read(body, http.Request, state.Settings, time.GetUtcNow().ToUnixTimeSeconds()));
            state.CountOrdered();
        }, json => WriteToken(json, minted!));
    }

    private static bool Withdraws(ReadOnlyMemory<byte> body)
    {
        if (body.IsEmpty)
            return false;
        using var document = SentJson.Parse(body, "the body");
        var fields = new Fields(document.RootElement, "", "a rotation");
        var withdraws = fields.Boolean("withdraw") ?? false;
        fields.RefuseOthers();
        return withdraws;
    }

    private void Write(Utf8JsonWriter json)
    {
        var (issued, ordered, byClient, byAudience) = state.Counts();
        json.WriteStartObject();
        json.WriteStartObject("asked"u8);
        foreach (var endpoint in Endpoints)
            json.WriteNumber(Name(endpoint), state.Asked(endpoint).Count);
        json.WriteEndObject();
        json.WriteStartObject("issued"u8);
        json.WriteNumber("total"u8, issued);
        WriteCounts(json, "byClient", byClient);
        WriteCounts(json, "byAudience", byAudience);
        json.WriteEndObject();
        json.WriteNumber("ordered"u8, ordered);
        json.WriteStartArray("keys"u8);
        foreach (var key in keys.Made())
        {
            json.WriteStartObject();
            json.WriteString("kid"u8, key.Id);
            json.WriteString("kty"u8, key.IsRsa ? "RSA" : "EC");
            json.WriteBoolean("withdrawn"u8, key.IsWithdrawn);
            json.WriteEndObject();
        }

        json.WriteEndArray();
        using var settings = SentJson.Parse(Encoding.UTF8.GetBytes(state.Settings.Json), "the settings");
        json.WritePropertyName("settings"u8);
        settings.RootElement.WriteTo(json);
        json.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter json, string name, KeyValuePair<string, long>[] counts)
    {
        json.WriteStartObject(name);
        foreach (var (key, count) in counts)
            json.WriteNumber(key, count);
        json.WriteEndObject();
    }

    private static void WriteToken(Utf8JsonWriter json, Minted minted)
    {
        json.WriteStartObject();
        json.WriteString("access_token"u8, minted.Token);
        json.WriteString("token_type"u8, "Bearer");
        json.WriteString("kid"u8, minted.KeyId);
        json.WritePropertyName("claims"u8);
        minted.Claims.WriteTo(json);
        json.WriteEndObject();
    }

    private static string Name(IdentityEndpoint endpoint) => IdentitySettingsReader.Camel(endpoint.ToString());
}
