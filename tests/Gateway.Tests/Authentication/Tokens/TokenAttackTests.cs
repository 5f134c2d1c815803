using System.Buffers.Text;
using System.Text;

namespace OpenAIProxy.Gateway.Tests.Authentication.Tokens;

/// <summary>The attack table against the real server.</summary>
public sealed class TokenAttackTests(TokenGateway server) : IClassFixture<TokenGateway>
{
    private static readonly int Mutations = Environment.GetEnvironmentVariable("OPENAIPROXY_TESTS") == "full" ? 100_000 : 10_000;

    public static TheoryData<string> Attacks => [.. TokenAttacks.All.Select(attack => attack.Name)];

    [Theory]
    [MemberData(nameof(Attacks))]
    public async Task A_token_that_is(string name)
    {
        var attack = TokenAttacks.All.Single(a => a.Name == name);
        var token = attack.Make(server.Draft());

        var answer = await server.AskAsync(token, attack.Event);

        if (attack.Code is null)
            answer.Status.ShouldBe(attack.Status, answer.Body);
        else
        {
            answer.ShouldBeRefusal(attack.Status, attack.Code);
            answer.Message.ShouldContain(attack.Says);
        }
        foreach (var part in token.Split('.').Where(part => part.Length > 0))
            answer.Body.ShouldNotContain(part);
    }

    [Fact]
    public async Task No_mutation_of_a_token_is_let_in_or_stumbled_over()
    {
        var token = server.Draft().Write();
        (await server.AskAsync(token, TokenAttacks.Everybody)).Status.ShouldBe(200);
        var seeds = Enumerable.Range(0, 8);

        var statuses = await Task.WhenAll(seeds.Select(async seed =>
        {
            // Not for secrets: a test must be able to do the same again.
            var (random, seen) = (new Random(seed), new HashSet<(int Status, string? Code)>());
            for (var i = 0; i < Mutations / 8; i++)
                if (Mutate(token, random) is var mutation && mutation != token)
                {
                    var answer = await server.AskAsync(mutation, TokenAttacks.Everybody);
                    seen.Add((answer.Status, answer.Code));
                }
            return seen;
        }));

        statuses.SelectMany(seen => seen).Select(seen => seen.Status).Distinct().ShouldBe([401]);
        // They are worth something only if they get everywhere.
        foreach (var code in new[] { "token_malformed", "token_algorithm", "token_key_unknown", "token_signature" })
            statuses.SelectMany(seen => seen).Select(seen => seen.Code).ShouldContain(code);
    }

    private static string Mutate(string token, Random random)
    {
        if (random.Next(2) == 0)
            return Garble(token, random);
        // What is inside, so that what comes behind base64url is reached too.
        var parts = token.Split('.');
        var which = random.Next(2);
        var inside = Encoding.UTF8.GetString(Base64Url.DecodeFromChars(parts[which]));
        parts[which] = Base64Url.EncodeToString(Encoding.Latin1.GetBytes(Garble(inside, random)));
        return string.Join('.', parts);
    }

    private static string Garble(string text, Random random)
    {
        var at = random.Next(text.Length);
        var length = Math.Min(random.Next(1, 20), text.Length - at);
        return random.Next(6) switch
        {
            0 => text[..at] + (char)random.Next(0x21, 0x7f) + text[(at + 1)..],
            1 => text[..at] + (char)(text[at] ^ (1 << random.Next(3))) + text[(at + 1)..],
            2 => text[..at] + text[(at + length)..],
            3 => text[..(at + length)] + text[at..],
            4 => text[..at] + new string((char)random.Next(0x21, 0x7f), length) + text[at..],
            _ => text[..at],
        };
    }
}
