using System.Globalization;
using OpenAIProxy.Domain;
using OpenAIProxy.Domain.Catalog;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Server.Demo;
using OpenAIProxy.Server.Listeners;
using OpenAIProxy.Server.Settings;
using OpenAIProxy.Storage.Tokens;

namespace OpenAIProxy.Server;

/// <summary>What the server says when it is ready: what it serves, where, until when, and something to paste.</summary>
internal static class Announcement
{
    public static string For(IServiceProvider services)
    {
        var listeners = services.GetRequiredService<ListenerSet>();
        var settings = services.GetRequiredService<ServerSettings>();
        var demo = services.GetRequiredService<DemoHost>();
        var snapshot = services.GetRequiredService<LiveSnapshot>().Current;
        var url = listeners.PublicUrl.ToString().TrimEnd('/');
        var text = $"""

            Azure OpenAI Proxy is ready.

              clients call   {url}
              organisers     {listeners.Admin}api, with the token in {services.GetRequiredService<AdminToken>().Path ?? "OPENAIPROXY_ADMIN_TOKEN"}
              operators      {listeners.Admin}metrics and {listeners.Admin}healthz/ready
              data           {settings.Storage.DataDirectory}

            """;
        if (demo.SimulatorAddress is { } simulator && snapshot.FindEvent(EventCode.Parse(DemoEvent.Code)) is { } opened)
            return text + ForDemo(url, simulator, opened);
        return text + $"""
              events         {snapshot.Events.Count()}

            Start it with --demo to try it on the built-in simulator.

            """;
    }

    private static string ForDemo(string url, Uri simulator, Event opened) => string.Create(CultureInfo.InvariantCulture, $$"""
          demo event     {{opened.Code}}: any user id, until {{opened.Window.End:dddd, d MMMM yyyy HH:mm}} ({{opened.Window.TimeZone.Id}})
          models         {{string.Join(", ", opened.Models.Offers.Select(o => o.Model.Name))}}
          simulator      {{simulator}} answers for Azure OpenAI: no resource, no key, no cost

        Paste this ({{opened.Models.DefaultFor(Operation.ChatCompletions)?.Model.Name}} answers, because the body names no model):

        curl {{url}}/api/v1/chat/completions \
          -H 'openai-event-code: {{opened.Code}}/your-name' \
          -H 'Content-Type: application/json' \
          -d '{"messages": [{"role": "user", "content": "Write a poem about indian elephants"}]}'

        Add "stream": true to the body (and -N to curl) to see it being written. Ctrl-C stops the server.

        """);
}
