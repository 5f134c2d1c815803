using System.Text.RegularExpressions;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Architecture.Tests;

/// <summary>Documents speak of files that exist.</summary>
public sealed class DocumentTests
{
    // What looks like a file of ours but is made where the server runs.
    private static readonly string[] MadeAtRunTime = ["openai-proxy.json", "data/", "openai-proxy.db", "keys/", "admin-token"];

    private static readonly HashSet<string> FileNames = [.. Sources.Files.Select(file => Path.GetFileName(file)!)];

    [Fact]
    public void Every_relative_link_leads_somewhere() => Sources.FilesOf(".md")
        .SelectMany(document => Matches(document, @"\]\(([^)\s#]+)(?:#[^)]*)?\)").Where(link => !link.Contains(':', StringComparison.Ordinal))
            .Where(link => !Exists(Path.Combine(Path.GetDirectoryName(document)!, link)))
            .Select(link => $"{document}: {link}"))
        .ShouldHaveNone("Links to files that do not exist. Mend the link or write the page:");

    [Fact]
    public void Every_path_in_backticks_exists() => Sources.FilesOf(".md")
        .SelectMany(document => Matches(document, "`([^`\\s]+)`").Where(LooksLikeAFile)
            .Where(path => !FileNames.Contains(path) && !Exists(path) && !Exists(Path.Combine(Path.GetDirectoryName(document)!, path)))
            .Select(path => $"{document}: {path}"))
        .ShouldHaveNone("Documents that name files which do not exist. Mend the name, or add it to what is made at run time in this test:");

    private static bool LooksLikeAFile(string text) =>
        Regex.IsMatch(text, @"^\.?\w[\w./-]*$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
        && (Regex.IsMatch(text, @"\.(cs|csproj|md|json|props|sh|sql|slnx|txt|py|yml|yaml)$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1))
            || Regex.IsMatch(text, "^(src|tests|docs|deploy|samples|bench|python)/", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)))
        && !MadeAtRunTime.Any(made => text.StartsWith(made, StringComparison.Ordinal));

    private static bool Exists(string path) => Path.Exists(Repository.PathOf(path));

    private static IEnumerable<string> Matches(string document, string pattern) =>
        Regex.Matches(Sources.Read(document), pattern, RegexOptions.None, TimeSpan.FromSeconds(5)).Select(match => match.Groups[1].Value);
}
