namespace OpenAIProxy.Cli.Connection;

/// <summary>A path of the API with what was typed escaped in it.</summary>
internal static class ApiPath
{
    public static string Of(FormattableString path) =>
        "api/" + string.Format(null, path.Format, [.. path.GetArguments().Select(Segment)]);

    // A URL cannot hold these two as names: they would climb to another resource.
    private static object Segment(object? value) => value?.ToString() switch
    {
        "." or ".." or "" or null => throw new CommandFailedException(ExitCode.WrongUsage, $"'{value}' is not a name."),
        { } text => Uri.EscapeDataString(text),
    };
}
