using System.CommandLine;

namespace OpenAIProxy.Cli.Connection;

/// <summary>What every command takes: which server, whose token, what form of answer.</summary>
internal static class GlobalOptions
{
    public const string Json = "--json";
    public const string DefaultUrl = "http://127.0.0.1:8081";
    public const string UrlVariable = "OPENAIPROXY_ADMIN_URL";
    public const string TokenVariable = "OPENAIPROXY_ADMIN_TOKEN";

    private const string Url = "--admin-url";
    private const string TokenFile = "--token-file";
    private static readonly string DefaultTokenFile = Path.Combine("data", "admin-token");

    public static void AddTo(Command root)
    {
        root.Options.Add(new Option<string>(Url)
        {
            Description = $"The server's admin address. Default: {UrlVariable}, or {DefaultUrl}",
            HelpName = "URL",
            Recursive = true,
        });
        root.Options.Add(new Option<string>(TokenFile)
        {
            Description = $"A file with the token. Default: what {TokenVariable} holds, or {DefaultTokenFile}",
            HelpName = "FILE",
            Recursive = true,
        });
        root.Options.Add(new Option<bool>(Json) { Description = "Print the server's JSON.", Recursive = true });
        root.Options.Add(RefusedToken());
    }

    public static Uri AdminUrl(ParseResult parsed, Surroundings surroundings)
    {
        var text = parsed.GetValue<string>(Url) ?? surroundings.Variable(UrlVariable) ?? DefaultUrl;
        return Uri.TryCreate(text.TrimEnd('/') + "/", UriKind.Absolute, out var url) && url.Scheme is "http" or "https"
            ? url
            : throw new CommandFailedException(ExitCode.WrongUsage, $"'{text}' is not an address: {Url} takes one like {DefaultUrl}.");
    }

    public static string Token(ParseResult parsed, Surroundings surroundings)
    {
        var file = parsed.GetValue<string>(TokenFile);
        if (file is null && surroundings.Variable(TokenVariable) is { Length: > 0 } token)
            return token.Trim();
        var path = surroundings.PathOf(file ?? DefaultTokenFile);
        try
        {
            return File.ReadAllText(path).Trim() is { Length: > 0 } read ? read : throw NoToken($"{path} is empty.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw NoToken(unreadable.Message);
        }
    }

    private static CommandFailedException NoToken(string reason) => new(
        ExitCode.NotAllowed,
        $"No token: {reason} Set {TokenVariable}, give {TokenFile} FILE, or work in the directory where the server has its {DefaultTokenFile}.");

    // Somebody will try it. The usual message for an unknown option would repeat the token in the log of a script.
    private static Option<string> RefusedToken() => new("--token")
    {
        Hidden = true,
        Recursive = true,
        Description = "Refused: a token is no argument.",
        CustomParser = result =>
        {
            result.AddError($"A token is not given on the command line, where others can see it: set {TokenVariable} or give {TokenFile} FILE.");
            return null;
        },
    };
}
