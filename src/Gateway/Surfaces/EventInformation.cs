using System.Globalization;
using System.Text.Json;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Routing;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Gateway.Authentication;
using OpenAIProxy.Gateway.Refusals;

namespace OpenAIProxy.Gateway.Surfaces;

/// <summary>What the event surface tells of an event: little to the public, more to those who may come in.</summary>
internal static class EventInformation
{
    public static void MapEventInformation(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet("/api/v1/event/{code}", ShowAsync);
        endpoints.MapPost("/api/v1/eventinfo", InformAsync);
    }

    private static Task ShowAsync(HttpContext context, string code, LiveSnapshot live, GuessGuard guard, RefusalCounter refusals)
    {
        var address = Authenticator.AddressOf(context);
        // Asking whether an event exists is guessing its code.
        if (guard.MustWait(address, null) is { } wait)
            return refusals.RefuseAsync(context, wait);
        if (EventCode.TryParse(code, out var parsed) && live.Current.FindEvent(parsed) is { State: not (EventState.Draft or EventState.Archived) } found)
            return JsonAnswer.WriteAsync(context, json => WritePublic(json, found));
        return refusals.RefuseAsync(context, guard.Wrong(address, null) ?? Refuse.UnknownEvent());
    }

    private static async Task InformAsync(HttpContext context, Authenticator authenticator, RefusalCounter refusals)
    {
        if ((await authenticator.AuthenticateForEventAsync(context)).IsRefused(out var refusal, out var found))
            await refusals.RefuseAsync(context, refusal);
        else
            await JsonAnswer.WriteAsync(context, json => WriteForAttendees(json, found));
    }

    // The names are those of the API that clients of this surface were written for. No e-mail address: anybody may read this.
    private static void WritePublic(Utf8JsonWriter json, Event @event)
    {
        var window = @event.Window;
        json.WriteString("event_id", @event.Code.Value);
        json.WriteString("event_code", @event.Code.Value);
        json.WriteString("event_name", @event.Name);
        json.WriteString("event_image_url", @event.ImageUrl);
        json.WriteString("organizer_name", @event.Organiser.Name);
        json.WriteString("event_markdown", @event.Description);
        json.WriteString("event_state", @event.State.ToString().ToLowerInvariant());
        json.WriteString("start_timestamp", window.Start.ToString("s", CultureInfo.InvariantCulture));
        json.WriteString("end_timestamp", window.End.ToString("s", CultureInfo.InvariantCulture));
        json.WriteString("start_utc", window.Opens.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        json.WriteString("end_utc", window.Ends.ToString("yyyy-MM-ddTHH:mm:ssZ", CultureInfo.InvariantCulture));
        json.WriteString("time_zone_label", window.TimeZone.Id);
        // At its start: an event across a change of the clocks has two, which is why the UTC times are there.
        json.WriteNumber("time_zone_offset", (int)window.Local(window.Opens).Offset.TotalMinutes);
    }

    private static void WriteForAttendees(Utf8JsonWriter json, Event @event)
    {
        json.WriteBoolean("is_authorized", true);
        json.WriteNumber("max_token_cap", @event.OutputCap);
        json.WriteString("event_code", @event.Code.Value);
        json.WriteString("event_name", @event.Name);
        json.WriteString("event_image_url", @event.ImageUrl);
        json.WriteString("organizer_name", @event.Organiser.Name);
        json.WriteString("organizer_email", @event.Organiser.Email);
        json.WriteStartObject("capabilities");
        WriteCapability(json, "openai-chat", @event, Operation.ChatCompletions);
        WriteCapability(json, "openai-completion", @event, Operation.Completions);
        WriteCapability(json, "openai-embedding", @event, Operation.Embeddings);
        json.WriteEndObject();
    }

    private static void WriteCapability(Utf8JsonWriter json, string name, Event @event, Operation operation)
    {
        json.WriteStartArray(name);
        foreach (var model in @event.Models.NamesFor(operation))
            json.WriteStringValue(model);
        json.WriteEndArray();
    }
}
