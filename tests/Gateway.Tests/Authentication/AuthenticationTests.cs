using System.Net;
using System.Net.Sockets;
using System.Text;
using OpenAIProxy.Domain.Events;
using OpenAIProxy.Storage.Sql.Events;

namespace OpenAIProxy.Gateway.Tests.Authentication;

public sealed class AuthenticationTests : IAsyncLifetime
{
    private static readonly EventCode Hackathon = EventCode.Parse("hackathon");

    private readonly ManualTime time = new();
    private readonly GatewayUnderTest gateway;

    public AuthenticationTests() => gateway = new() { Time = time, Options = new() { GuessLimits = new() { PerAddress = 5, PerEvent = 1_000 } } };

    public async ValueTask InitializeAsync() => await gateway.StartAsync();

    public ValueTask DisposeAsync() => gateway.DisposeAsync();

    [Theory]
    [InlineData("hackathon/ann", "ann")]
    [InlineData("HACKATHON/ann", "ann")]
    [InlineData("  hackathon/ann  ", "ann")]
    [InlineData("hackathon/ann/of:green@gables", "ann/of:green@gables")]
    [InlineData("hackathon/ ann  ", "ann")]
    [InlineData("hackathon@whatever/ann", "ann")]
    public async Task Any_user_id_comes_in_with_the_code_alone(string credential, string name)
    {
        (await StatusAsync(credential)).ShouldBe(200);

        (await AttendeesAsync()).ShouldBe([name]);
    }

    [Fact]
    public async Task A_user_id_of_128_characters_is_taken_and_one_of_129_is_not()
    {
        (await StatusAsync("hackathon/" + new string('x', 128))).ShouldBe(200);
        (await StatusAsync("hackathon/" + new string('x', 129))).ShouldBe(401);
    }

    [Fact]
    public async Task The_same_name_in_either_unicode_form_and_either_encoding_is_one_attendee()
    {
        foreach (var bytes in new[] { Encoding.UTF8.GetBytes("hackathon/J\u00fcrgen"), Encoding.UTF8.GetBytes("hackathon/Ju\u0308rgen"), Encoding.Latin1.GetBytes("hackathon/J\u00fcrgen") })
            (await RawStatusAsync(bytes)).ShouldBe(200);

        (await AttendeesAsync()).ShouldBe(["J\u00fcrgen"]);
    }

    [Fact]
    public async Task A_name_in_any_script_is_the_same_attendee_by_every_header()
    {
        // The last byte of some is white space in Latin-1.
        string[] names = ["J\u00fcrgen", "Nicol\u00e0", "\u00c5", "\u6771\u4eac", "\u5317\u4eac", "\uff48ans", "\U0001f600"];

        foreach (var name in names)
            foreach (var (header, scheme) in new[] { ("openai-event-code", ""), ("api-key", ""), ("Authorization", "Bearer "), ("Authorization", "") })
                (await RawStatusAsync(Encoding.UTF8.GetBytes($"{scheme}hackathon/{name}"), header)).ShouldBe(200);

        (await AttendeesAsync()).ShouldBe(names, ignoreOrder: true);
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("Bearer ")]
    [InlineData("bearer  ")]
    public async Task A_scheme_without_anything_behind_it_is_no_credential(string authorization) =>
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, authorization, "Authorization")).ShouldBeRefusal(401, "credential_missing");

    [Fact]
    public async Task An_event_may_be_called_as_the_scheme_is()
    {
        await gateway.AddEventAsync("bearer-bonds");

        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "bearer-bonds/ann", "Authorization")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task One_attendee_is_made_however_many_requests_come_at_once()
    {
        var statuses = await Task.WhenAll(Enumerable.Range(0, 100).Select(_ => StatusAsync("hackathon/ann")));

        statuses.ShouldAllBe(s => s == 200);
        (await AttendeesAsync()).ShouldBe(["ann"]);
    }

    [Fact]
    public async Task An_event_that_hides_user_ids_stores_hashes_only()
    {
        await gateway.AddEventAsync("private", e => e with { HashesUserIds = true });

        (await StatusAsync("private/canary-user")).ShouldBe(200);
        (await StatusAsync("private/canary-user")).ShouldBe(200);

        var name = (await AttendeesAsync("private")).ShouldHaveSingleItem();
        name.Length.ShouldBe(43);
        await gateway.ShouldNotHaveKeptAsync("canary-user");
    }

    [Theory]
    [InlineData("secret@open-sesame/ann", 200)]
    [InlineData("secret@open-sesame/someone/else", 200)]
    [InlineData("secret@open-sesam/ann", 401)]
    [InlineData("secret@Open-sesame/ann", 401)]
    [InlineData("secret@/ann", 401)]
    [InlineData("secret/ann", 401)]
    [InlineData("hackathon@open-sesame/ann", 200)]
    public async Task A_shared_secret_is_asked_for_where_the_event_has_one(string credential, int status)
    {
        await gateway.AddEventAsync("secret", e => e with { Entrance = Entrance.SharedSecret, SharedSecret = SharedSecret.New("open-sesame") });

        (await StatusAsync(credential)).ShouldBe(status);

        await gateway.ShouldNotHaveKeptAsync("open-sesame");
    }

    [Fact]
    public async Task A_key_comes_in_by_any_header_and_knows_its_event_and_attendee()
    {
        await gateway.AddEventAsync("keys", e => e with { Entrance = Entrance.KeyOnly });
        var key = await gateway.ChangeAsync(change => change.Keys.IssueAsync(EventCode.Parse("keys"), "ann"));

        foreach (var (header, value) in new[] { ("api-key", key), ("openai-event-code", key), ("Authorization", "Bearer " + key) })
            (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, value, header)).Status.ShouldBe(200);
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "keys/ann")).Code.ShouldBe("key_required");

        (await AttendeesAsync("keys")).ShouldBe(["ann"]);
        await gateway.ShouldNotHaveKeptAsync(key);
    }

    [Fact]
    public async Task A_revoked_expired_or_mistyped_key_is_refused_by_the_very_next_request()
    {
        var issued = await gateway.ChangeAsync(change => change.Keys.IssueOneAsync(Hackathon, "ann"));
        var revoked = issued.Key;
        var expiring = await gateway.ChangeAsync(change => change.Keys.IssueAsync(Hackathon, "bob", time.GetUtcNow().AddHours(1)));
        (await StatusAsync(revoked)).ShouldBe(200);
        (await StatusAsync(expiring)).ShouldBe(200);

        await gateway.ChangeAsync(change => change.Keys.RevokeAsync(Hackathon, issued.Id));
        time.Advance(TimeSpan.FromHours(1));

        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, revoked)).Code.ShouldBe("key_unknown");
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, expiring)).Code.ShouldBe("key_unknown");
        (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, expiring[..^1] + (expiring[^1] == 'x' ? 'y' : 'x'))).Code.ShouldBe("credential_malformed");
    }

    [Fact]
    public async Task The_first_of_several_headers_counts()
    {
        using var request = Asking.Post(Asking.Chat, Asking.Hello, "hackathon/ann");
        request.Headers.TryAddWithoutValidation("api-key", "an OpenAI key that an SDK insists on");
        request.Headers.TryAddWithoutValidation("Authorization", "Bearer something:else");

        (await gateway.Client.AskAsync(request)).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Who_guesses_has_to_wait_while_those_who_have_been_in_go_on()
    {
        var key = await gateway.ChangeAsync(change => change.Keys.IssueAsync(Hackathon, "bob"));
        (await StatusAsync("hackathon/ann")).ShouldBe(200);
        for (var i = 0; i < 5; i++)
        {
            (await StatusAsync($"guess-{i}/eve")).ShouldBe(401);
            // A clock that stands still would hide a bucket that fills up a little between two looks.
            time.Advance(TimeSpan.FromMilliseconds(1));
        }

        var guess = await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, "hackathon/eve");

        guess.Status.ShouldBe(429);
        guess.Code.ShouldBe("too_many_wrong_credentials");
        guess.Header("Retry-After").ShouldBe("1");
        (await gateway.Client.AskAsync(new HttpRequestMessage(HttpMethod.Get, "/api/v1/event/hackathon"))).Status.ShouldBe(429);
        (await StatusAsync("hackathon/ann")).ShouldBe(200);
        (await StatusAsync(key)).ShouldBe(200);
    }

    [Fact]
    public async Task While_somebody_guesses_whom_the_event_knows_goes_on_whatever_stands_where_no_secret_is_asked_for()
    {
        (await StatusAsync("hackathon/ann")).ShouldBe(200);
        for (var i = 0; i < 6; i++)
            await StatusAsync($"guess-{i}/eve");

        (await StatusAsync("hackathon/ann")).ShouldBe(200);
        (await StatusAsync("hackathon@whatever/ann")).ShouldBe(200);
        (await StatusAsync("hackathon@something-else/ann")).ShouldBe(200);
        (await StatusAsync("hackathon/newcomer")).ShouldBe(429);
        (await gateway.Client.AskAsync("/api/v1/eventinfo", "", "hackathon")).Status.ShouldBe(429);
    }

    [Fact]
    public async Task While_somebody_guesses_an_attendees_wrong_secret_is_not_told_from_a_newcomers()
    {
        await gateway.AddEventAsync("secret", e => e with { Entrance = Entrance.SharedSecret, SharedSecret = SharedSecret.New("open-sesame") });
        (await StatusAsync("secret@open-sesame/ann")).ShouldBe(200);
        for (var i = 0; i < 6; i++)
            await StatusAsync($"guess-{i}/eve");

        (await StatusAsync("secret@open-sesame/ann")).ShouldBe(200);
        (await StatusAsync("secret@open-sesam/ann")).ShouldBe(429);
        (await StatusAsync("secret@open-sesame/eve")).ShouldBe(429);
    }

    [Fact]
    public async Task Whoever_knows_an_attendees_name_does_not_guess_on_under_it_from_elsewhere()
    {
        await using var room = await new GatewayUnderTest { Time = time, Options = new() { GuessLimits = new() { PerAddress = 1_000, PerEvent = 3 } } }.StartAsync();
        await room.AddEventAsync("secret", e => e with { Entrance = Entrance.SharedSecret, SharedSecret = SharedSecret.New("open-sesame") });
        using var elsewhere = From(IPAddress.Parse("127.0.0.2"), room.Client.BaseAddress!);
        (await room.Client.AskAsync(Asking.Chat, Asking.Hello, "secret@open-sesame/ann")).Status.ShouldBe(200);
        for (var i = 0; i < 3; i++)
            (await elsewhere.AskAsync(Asking.Chat, Asking.Hello, $"secret@guess-{i}/ann")).Status.ShouldBe(401);

        (await elsewhere.AskAsync(Asking.Chat, Asking.Hello, "secret@open-sesame/ann")).Status.ShouldBe(429);

        (await room.Client.AskAsync(Asking.Chat, Asking.Hello, "secret@open-sesame/ann")).Status.ShouldBe(200);
    }

    [Fact]
    public async Task Whoever_knows_an_attendees_name_does_not_guess_the_events_code_under_it_from_elsewhere()
    {
        using var elsewhere = From(IPAddress.Parse("127.0.0.2"), gateway.Client.BaseAddress!);
        (await StatusAsync("hackathon/ann")).ShouldBe(200);
        for (var i = 0; i < 5; i++)
            (await elsewhere.AskAsync(Asking.Chat, Asking.Hello, $"guess-{i}/ann")).Status.ShouldBe(401);

        var right = await elsewhere.AskAsync(Asking.Chat, Asking.Hello, "hackathon/ann");
        var wrong = await elsewhere.AskAsync(Asking.Chat, Asking.Hello, "guess-again/ann");

        (right.Status, right.Code, right.Message).ShouldBe((wrong.Status, wrong.Code, wrong.Message));
        right.Status.ShouldBe(429);
        (await StatusAsync("hackathon/ann")).ShouldBe(200);
    }

    [Fact]
    public async Task After_a_moment_a_new_credential_is_looked_at_again()
    {
        for (var i = 0; i < 9; i++)
            await StatusAsync($"guess-{i}/eve");
        (await StatusAsync("hackathon/newcomer")).ShouldBe(429);

        time.Advance(TimeSpan.FromSeconds(1));

        (await StatusAsync("hackathon/newcomer")).ShouldBe(200);
        (await StatusAsync("guess-again/eve")).ShouldBe(401);
        (await StatusAsync("guess-again/eve")).ShouldBe(429);
    }

    [Fact]
    public async Task Guessing_at_one_events_secret_does_not_make_other_events_wait()
    {
        await using var room = await new GatewayUnderTest { Time = time, Options = new() { GuessLimits = new() { PerAddress = 1_000, PerEvent = 3 } } }.StartAsync();
        await room.AddEventAsync("secret", e => e with { Entrance = Entrance.SharedSecret, SharedSecret = SharedSecret.New("open-sesame") });
        (await room.Client.AskAsync(Asking.Chat, Asking.Hello, "secret@open-sesame/ann")).Status.ShouldBe(200);
        for (var i = 0; i < 3; i++)
            (await room.Client.AskAsync(Asking.Chat, Asking.Hello, $"secret@guess-{i}/eve")).Status.ShouldBe(401);

        (await room.Client.AskAsync(Asking.Chat, Asking.Hello, "secret@open-sesame/newcomer")).Status.ShouldBe(429);

        (await room.Client.AskAsync(Asking.Chat, Asking.Hello, "secret@open-sesame/ann")).Status.ShouldBe(200);
        (await room.Client.AskAsync(Asking.Chat, Asking.Hello, "hackathon/newcomer")).Status.ShouldBe(200);
    }

    private static HttpClient From(IPAddress address, Uri to)
    {
        var handler = new SocketsHttpHandler
        {
            ConnectCallback = async (_, cancellation) =>
            {
                var socket = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp) { NoDelay = true };
                socket.Bind(new IPEndPoint(address, 0));
                await socket.ConnectAsync(IPAddress.Loopback, to.Port, cancellation);
                return new NetworkStream(socket, ownsSocket: true);
            },
        };
        return new HttpClient(handler) { BaseAddress = to };
    }

    private async Task<int> StatusAsync(string credential) => (await gateway.Client.AskAsync(Asking.Chat, Asking.Hello, credential)).Status;

    // HttpClient writes headers as Latin-1 only when told to: the bytes go through as they are.
    private async Task<int> RawStatusAsync(byte[] credential, string header = "openai-event-code")
    {
        using var client = new HttpClient(new SocketsHttpHandler { RequestHeaderEncodingSelector = (_, _) => Encoding.Latin1 }) { BaseAddress = gateway.Client.BaseAddress };
        return (await client.AskAsync(Asking.Chat, Asking.Hello, Encoding.Latin1.GetString(credential), header)).Status;
    }

    private async Task<IReadOnlyList<string>> AttendeesAsync(string code = "hackathon") =>
        await gateway.ChangeAsync(async change => (await change.Attendees.ListAsync(EventCode.Parse(code))).Select(a => a.Name).ToList());
}
