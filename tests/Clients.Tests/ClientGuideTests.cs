using System.Text.RegularExpressions;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Clients.Tests;

/// <summary>Where the guide shows how a client is set up, it shows lines of a sample, which is run by a test.</summary>
public sealed partial class ClientGuideTests
{
    private const string Guide = "docs/guide/clients.md";

    public static TheoryData<string, string> Snippets()
    {
        var data = new TheoryData<string, string>();
        foreach (Match snippet in Snippet().Matches(File.ReadAllText(Repository.PathOf(Guide))))
            data.Add(snippet.Groups["sample"].Value, snippet.Groups["lines"].Value);
        return data;
    }

    [Theory]
    [MemberData(nameof(Snippets))]
    public void Snippet_stands_in_its_sample(string sample, string lines) =>
        Unindented(File.ReadAllText(Repository.PathOf(sample))).ShouldContain(Unindented(lines), Case.Sensitive);

    [Fact]
    public void Every_client_of_the_samples_is_in_the_guide()
    {
        string[] folders = ["samples/node", "samples/dotnet"];

        var samples = folders.SelectMany(folder => Directory.EnumerateFiles(Repository.PathOf(folder))).Select(file => Path.GetRelativePath(Repository.Root, file));

        Snippets().Select(snippet => snippet.Data.Item1).ShouldBe(samples, ignoreOrder: true);
    }

    // A sample has them deeper in, where they stand in a method.
    private static string Unindented(string text) => string.Join('\n', text.Split('\n').Select(line => line.Trim()));

    // A link to a sample, and the first block below it.
    [GeneratedRegex(@"\]\(\.\./\.\./(?<sample>samples/[^)]+)\)[^`]*```\w*\n(?<lines>.*?)```", RegexOptions.Singleline, 1_000)]
    private static partial Regex Snippet();
}
