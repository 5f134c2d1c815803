using System.CommandLine;
using System.Globalization;
using OpenAIProxy.Cli.Secrets;

namespace OpenAIProxy.Cli.Invocations;

/// <summary>Arguments and options that several commands have, so that they are called and explained alike.</summary>
internal static class Symbols
{
    public const string YesName = "--yes";

    public static Argument<string> EventCode() => Text("CODE", "The event's code, such as hack.");

    public static Argument<string> Text(string name, string description) => new(name.ToLowerInvariant()) { Description = description, HelpName = name };

    public static Option<string> Text(string name, string form, string description) => new(name) { Description = description, HelpName = form };

    public static Option<long?> Number(string name, string description) => new(name)
    {
        Description = description,
        HelpName = "N",
        CustomParser = result =>
        {
            if (long.TryParse(result.Tokens[0].Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out var number))
                return number;
            // The library's own words for it name types of .NET.
            result.AddError($"{name} takes a whole number, and '{result.Tokens[0].Value}' is none.");
            return null;
        },
    };

    public static Option<bool?> Flag(string name, string description) => new(name) { Description = description, HelpName = "true|false" };

    public static Option<string[]> Names(string name, string form, string description) => new(name)
    {
        Description = description + " Parted by commas, or the option repeated.",
        HelpName = form,
        CustomParser = result => [.. result.Tokens.SelectMany(t => t.Value.Split(',', StringSplitOptions.TrimEntries | StringSplitOptions.RemoveEmptyEntries))],
        Arity = ArgumentArity.OneOrMore,
        AllowMultipleArgumentsPerToken = false,
    };

    public static Option<string> OneOf(string name, string description, params string[] words)
    {
        var option = new Option<string>(name) { Description = description, HelpName = string.Join('|', words) };
        option.AcceptOnlyFromAmong(words);
        return option;
    }

    /// <summary>A moment that something is listed from or until; <see cref="Invocation.GetPast"/> reads it.</summary>
    public static Option<string> Past(string name, string description) => Text(name, "TIME", $"{description} {Moments.PastForm}");

    public static Option<bool> Yes() => new(YesName, "-y") { Description = "Do not ask: for scripts." };

    public static Option<string> Etag() => Text("--etag", "ETAG", "Change it only if it still has this etag (see show --json), so that nobody's change is overwritten.");

    public static Option<SecretReference> Secret(string name, string description) => new(name)
    {
        Description = $"{description} {SecretReference.Form}",
        HelpName = "env:NAME|file:PATH|-",
        CustomParser = result =>
        {
            if (SecretReference.TryParse(result.Tokens[0].Value, out var reference))
                return reference;
            // The text itself is not repeated: it may be the secret.
            result.AddError($"{name} takes no secret in clear, because other users of this machine and the shell's history would see it: {SecretReference.Form}");
            return null;
        },
    };
}
