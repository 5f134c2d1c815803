using OpenAIProxy.Cli.Connection;
using OpenAIProxy.Cli.Invocations;
using OpenAIProxy.Cli.Terminals;

namespace OpenAIProxy.Cli.Tokens;

internal static class TokenList
{
    private static readonly IReadOnlyList<Field> Fields =
    [
        Field.Text("Id", "id"), Field.Text("Name", "name"), Field.Text("Role", "role"), Field.Text("Organiser", "organiser"),
        Field.Time("Created", "createdAt"), Field.Time("Expires", "expiresAt"), Field.Time("Revoked", "revokedAt"),
    ];

    public static Verb Create()
    {
        var listing = new Listing([], canSearch: false);
        return listing.AddTo(new("list", "Lists tokens; never their text.", "openai-proxy token list", run => listing.PrintAsync(run, ApiPath.Of($"tokens"), Fields)));
    }
}
