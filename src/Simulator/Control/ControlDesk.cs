using System.Text.Json;
using OpenAIProxy.Simulator.Faults;
using OpenAIProxy.Simulator.Recorder;

namespace OpenAIProxy.Simulator.Control;

/// <summary>What stands under <c>/simulator</c>: for tests and for people, without a key, and not counted.</summary>
internal sealed class ControlDesk(Journal journal, FaultDesk faults, Gate gate, IdentityControl identity, TimeProvider time)
{
    public Task AnswerAsync(HttpContext http, string path) => (http.Request.Method, path) switch
    {
        ("GET", "/served") => ControlAnswer.SendAsync(http, 200, WriteServed),
        ("DELETE", "/served") => ControlAnswer.DoAsync(http, journal.Reset),
        ("GET", "/requests") => SendRequestsAsync(http),
        ("GET", "/faults") => ControlAnswer.SendAsync(http, 200, WriteFaults),
        ("PUT", "/faults") => ControlAnswer.ReadAsync(http, body => faults.Set(FaultPlanReader.Read(body)), WriteFaults),
        ("DELETE", "/faults") => ControlAnswer.DoAsync(http, () => faults.Set(FaultPlan.None)),
        ("POST", "/release") => ControlAnswer.SendAsync(http, 200, WriteReleased),
        _ when identity.Find(http.Request.Method, path) is { } answerAsync => answerAsync(http),
        _ => ControlAnswer.SendErrorAsync(http, 404,
            "There are GET and DELETE /simulator/served, GET /simulator/requests, GET, PUT and DELETE /simulator/faults, POST /simulator/release, " + IdentityControl.Verbs + ".", null),
    };

    private void WriteServed(Utf8JsonWriter json)
    {
        var period = journal.Period;
        json.WriteStartObject();
        json.WritePropertyName("total"u8);
        period.Total.Write(json);
        json.WriteStartObject("deployments"u8);
        foreach (var (name, tally) in period.TalliesByDeployment.OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            json.WritePropertyName(name);
            tally.Write(json);
        }

        json.WriteEndObject();
        json.WriteEndObject();
    }

    private async Task SendRequestsAsync(HttpContext http)
    {
        var period = journal.Period;
        foreach (var (name, milestone) in new[] { ("started", period.Started), ("held", period.Held), ("ended", period.Ended) })
        {
            if (!await Waiting.ForAsync(http, name, milestone, time))
                return;
        }

        await ControlAnswer.SendAsync(http, 200, json => WriteRequests(json, period));
    }

    private static void WriteRequests(Utf8JsonWriter json, Period period)
    {
        json.WriteStartObject();
        json.WriteNumber("started"u8, period.Started.Count);
        json.WriteNumber("ended"u8, period.Ended.Count);
        json.WriteNumber("held"u8, period.Held.Count);
        json.WriteStartArray("requests"u8);
        foreach (var entry in period.Entries())
            EntryJson.Write(json, entry);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteFaults(Utf8JsonWriter json)
    {
        using var plan = SentJson.Parse(System.Text.Encoding.UTF8.GetBytes(faults.Plan.Json), "the plan");
        json.WriteStartObject();
        json.WritePropertyName("faults"u8);
        plan.RootElement.GetProperty("faults").WriteTo(json);
        json.WriteStartArray("hits"u8);
        foreach (var hits in faults.Hits)
            json.WriteNumberValue(hits);
        json.WriteEndArray();
        json.WriteEndObject();
    }

    private void WriteReleased(Utf8JsonWriter json)
    {
        json.WriteStartObject();
        json.WriteNumber("released"u8, gate.Release());
        json.WriteEndObject();
    }
}
