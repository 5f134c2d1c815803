using OpenAIProxy.Testing;

namespace OpenAIProxy.Architecture.Tests;

/// <summary>What a reviewer would say of any file.</summary>
public sealed class HouseRuleTests
{
    private const int MostLines = 400;

    private static readonly string[] ByKind = ["Services", "Helpers", "Managers", "Utils", "Utilities", "Common", "Models", "Extensions", "Misc"];

    private static readonly string[] Written = [.. Sources.Files.Where(file => Path.GetFileName(file) is not ("packages.lock.json" or "package-lock.json"))];

    private static readonly string[] Programs = [.. Sources.FilesOf(".cs", ".razor", ".py", ".sh", ".js", ".sql", ".props", ".csproj")];

    [Fact]
    public void Folders_are_named_by_what_they_are_about() => Sources.Files
        .Where(file => file.StartsWith("src/", StringComparison.Ordinal) || file.StartsWith("tests/", StringComparison.Ordinal))
        .Where(file => file.Split('/')[..^1].Intersect(ByKind, StringComparer.OrdinalIgnoreCase).Any())
        .ShouldHaveNone("Files in folders that are named by kind. Name the folder by what its files are about:");

    [Fact]
    public void Namespaces_are_the_folders_of_their_files() => Sources.FilesOf(".cs")
        // They are one project for those who copy them, whatever folder they lie in.
        .Where(file => !file.StartsWith("samples/", StringComparison.Ordinal))
        .Select(file => (File: file, Namespace: NamespaceIn(file), Folder: string.Join('.', file.Split('/')[1..^1].Prepend("OpenAIProxy"))))
        .Where(f => f.Namespace is not null && f.Namespace != f.Folder)
        .Select(f => $"{f.File} says {f.Namespace}")
        .ShouldHaveNone("Files whose namespace is not OpenAIProxy and their folders below src, tests or bench:");

    [Fact]
    public void Files_are_short_enough_to_be_one_thing() => Sources.FilesOf(".cs", ".razor", ".py")
        .Select(file => (File: file, Lines: File.ReadLines(Repository.PathOf(file)).Count())).Where(f => f.Lines > MostLines)
        .Select(f => $"{f.File} has {f.Lines} lines")
        .ShouldHaveNone($"Files of more than {MostLines} lines. Find the second thing in them and give it a file:");

    [Fact]
    public void No_file_names_the_host_of_a_package_feed() => Written
        .Find(@"nuget\.org|npmjs\.(org|com)|yarnpkg\.com|pypi\.org|pythonhosted\.org|deb(ian)?\.debian\.org|package[S]ources")
        .ShouldHaveNone("Hosts of package feeds. Whoever builds chooses theirs: leave it to their own configuration:");

    [Fact]
    public void No_file_names_a_directory_of_whoever_wrote_it() => Written
        .Find(@"(^|[^\w.-])/(home|Users|root|work)/[A-Za-z.]")
        .ShouldHaveNone("Absolute paths of one machine. Write them from the root of the repository, or make a temporary directory:");

    [Fact]
    public void What_is_left_to_do_has_an_issue() => Programs
        // Events are called hack in many an example; the reminder is in capitals.
        .Find(@"\b(TOD[O]|FIXM[E]|(?-i:HAC[K]))\b(?!\(#\d+\))")
        .ShouldHaveNone("Reminders without an issue. Do it, or open an issue and write its number behind the word, as in (#12):");

    [Fact]
    public void Tests_do_not_sleep() => Sources.FilesOf(".cs", ".py")
        .Where(file => file.StartsWith("tests/", StringComparison.Ordinal) || file.StartsWith("python/tests/", StringComparison.Ordinal))
        // A delay by ManualTime, which is called time, ends when the test says so.
        .Find(@"Thread\.Sleep|Task\.Delay\((?!.*, time\b)|\bsleep\(|\basyncio\.wait\(.*\btimeout\b")
        .ShouldHaveNone("Tests that wait for time to pass. Advance a ManualTime named time, or wait for what is meant to happen:");

    [Fact]
    public void Comments_tell_no_history() => Programs
        .Find(@"(//|#|<!--|--) .*\b(previously|formerly|refactored|rewritten|renamed|used to be|changed from|moved from|was moved|as before)\b")
        .ShouldHaveNone("Comments that tell what was. Say why it is as it is; the history is in git:");

    // Null where a file has none: it has statements at the top.
    private static string? NamespaceIn(string file) => File.ReadLines(Repository.PathOf(file))
        .FirstOrDefault(line => line.StartsWith("namespace ", StringComparison.Ordinal))?["namespace ".Length..].TrimEnd(';');
}
