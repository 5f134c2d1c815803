namespace OpenAIProxy.Cli.Connection;

/// <summary>Says in words why there is no answer, and what to check.</summary>
internal static class Unreachable
{
    public const string WhichAddress = "Check that --admin-url (or OPENAIPROXY_ADMIN_URL) is the admin address, not the one that clients call.";

    public static CommandFailedException From(HttpRequestException failed, Uri address) =>
        new(ExitCode.Unreachable, $"No answer from {address}: {Why(failed, address)}");

    private static string Why(HttpRequestException failed, Uri address) => failed.HttpRequestError switch
    {
        HttpRequestError.NameResolutionError => $"the name {address.Host} is not known here. Check the spelling and the DNS.",
        HttpRequestError.ConnectionError => $"nothing listens there, or something is in between. Is the server running? {WhichAddress}",
        HttpRequestError.SecureConnectionError => $"no secure connection. Check the certificate and whether it is https at all: {(failed.InnerException ?? failed).Message}",
        _ => $"{failed.Message} {WhichAddress}",
    };
}
