using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;

namespace OpenAIProxy.Cli.Events;

internal static class EventSecretSet
{
    public static Verb Create()
    {
        var code = Symbols.EventCode();
        var secret = Symbols.Secret("--secret", "The new one; without it the server makes one up.");
        return new("set", "Gives an event a new shared secret, and shows it this once.", "openai-proxy event secret set hack", async run =>
        {
            var path = ApiPath.Of($"events/{run.Need(code)}");
            var own = await run.SecretAsync(secret);
            var known = (await run.Api.GetAsync(path)).Object;
            if (known["hasSharedSecret"]?.GetValue<bool>() == true)
                await run.ConfirmAsync($"Replace the shared secret of event {run.Need(code)}? The present one stops working at once.");
            var answer = await run.Api.PutAsync($"{path}/shared-secret", new Body().Put("sharedSecret", own).Json);
            // Else somebody may think that it protects the event.
            if (known["entrance"]?.ToString() != "sharedSecret")
                await run.NoteAsync($"The event does not ask for it yet: openai-proxy event edit {run.Need(code)} --entrance sharedSecret");
            // One that was given is known to who gave it, and need not be in a log.
            return own is null
                ? await run.SayAsync(answer, answer.Object["sharedSecret"]?.ToString() ?? "")
                : await run.SayAsync(new Body().Put("event", run.Need(code)).Json, $"Event {run.Need(code)} has the new shared secret.");
        })
        {
            code, secret, Symbols.Yes(),
        };
    }
}
