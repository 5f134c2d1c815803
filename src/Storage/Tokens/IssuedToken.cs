namespace OpenAIProxy.Storage.Tokens;

/// <summary>A new token. Only its hash is stored: nobody can ask for it again.</summary>
public sealed record IssuedToken(TokenView View, string Token)
{
    // Records print their members; a token must not end up in a log that way.
    public override string ToString() => $"IssuedToken({View.Id}, …{View.Hint})";
}
