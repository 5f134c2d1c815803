using System.Collections.Frozen;
using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Access;
using OpenAIProxy.Domain.Ledger;
using OpenAIProxy.Domain.Limits;
using OpenAIProxy.Gateway.Authentication;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Surfaces;

/// <summary>Tells an attendee what they have used and what their limits leave them, with the credential that they use it with.</summary>
internal static class OwnUsage
{
    // Attendees' numbers come nowhere near it, so nothing stands in its accounts.
    private const long Nobody = long.MaxValue;

    public static void MapOwnUsage(this IEndpointRouteBuilder endpoints) => endpoints.MapGet("/api/v1/usage", ShowAsync);

    private static async Task ShowAsync(HttpContext context, Authenticator authenticator, IUsageReport report, ILedger ledger, RefusalCounter refusals, TimeProvider time)
    {
        if ((await authenticator.AuthenticateAsync(context)).IsRefused(out var refusal, out var caller))
            await refusals.RefuseAsync(context, refusal);
        else if (caller is not Caller.OfEvent attendee)
            await refusals.RefuseAsync(context, Refuse.NoEvent());
        else
            await TellAsync(context, attendee, report, ledger, refusals, time);
    }

    private static async Task TellAsync(HttpContext context, Caller.OfEvent caller, IUsageReport report, ILedger ledger, RefusalCounter refusals, TimeProvider time)
    {
        try
        {
            // Who has not used anything yet is no attendee, and asking does not make them one.
            var models = caller.Attendee is { } known ? await report.OfAttendeeAsync(known.Id, context.RequestAborted) : [];
            var holds = Holds.Of(caller.Event, caller.Attendee?.Id ?? Nobody, caller.Attendee?.RaisedCaps ?? FrozenDictionary<long, long>.Empty, time.GetUtcNow());
            var limits = holds.Zip(await ledger.BalancesAsync(holds));
            await JsonAnswer.WriteAsync(context, json => Write(json, caller, models, limits));
        }
        catch (StorageUnavailableException)
        {
            await refusals.RefuseAsync(context, Refuse.StorageUnavailable(), caller);
        }
    }

    private static void Write(Utf8JsonWriter json, Caller.OfEvent caller, IReadOnlyList<ModelUsage> models, IEnumerable<(Hold Hold, Balance Balance)> limits)
    {
        json.WriteString("event_code", caller.Event.Code.Value);
        Write(json, models);
        json.WriteStartArray("models");
        foreach (var model in models)
        {
            json.WriteStartObject();
            json.WriteString("model", model.Model);
            Write(json, [model]);
            json.WriteEndObject();
        }
        json.WriteEndArray();
        json.WriteStartArray("limits");
        foreach (var (hold, balance) in limits)
            Write(json, hold, balance);
        json.WriteEndArray();
    }

    private static void Write(Utf8JsonWriter json, Hold hold, Balance balance)
    {
        json.WriteStartObject();
        json.WriteString("scope", Word(hold.Limit.Scope));
        json.WriteString("unit", Word(hold.Limit.Unit));
        json.WriteString("window", Word(hold.Limit.Window));
        json.WriteString("model", hold.Account.Model.Length == 0 ? null : hold.Account.Model);
        json.WriteNumber("cap", hold.Cap);
        json.WriteNumber("used", balance.Used);
        json.WriteNumber("reserved", balance.Reserved);
        json.WriteNumber("left", hold.Left(balance));
        json.WriteString("frees_at", hold.Frees?.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture));
        json.WriteEndObject();
    }

    private static string Word<T>(T value)
        where T : struct, Enum => JsonNamingPolicy.SnakeCaseLower.ConvertName(value.ToString());

    private static void Write(Utf8JsonWriter json, IReadOnlyList<ModelUsage> models)
    {
        json.WriteNumber("requests", models.Sum(m => m.Requests));
        json.WriteNumber("input_tokens", models.Sum(m => m.Usage.Input));
        json.WriteNumber("cached_input_tokens", models.Sum(m => m.Usage.CachedInput));
        json.WriteNumber("output_tokens", models.Sum(m => m.Usage.Output));
        json.WriteNumber("reasoning_tokens", models.Sum(m => m.Usage.Reasoning));
        json.WriteNumber("cost_micro_dollars", models.Sum(m => m.Cost));
    }
}
