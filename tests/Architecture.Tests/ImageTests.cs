using System.IO.Enumeration;
using System.Text.RegularExpressions;
using OpenAIProxy.Server.Settings;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Architecture.Tests;

/// <summary>deploy/Dockerfile is built where there is Docker; here it is read: all that it names is there, and all that it needs is named.</summary>
public sealed class ImageTests
{
    // What MSBuild, NuGet and the compiler find by themselves in a root.
    private static readonly string[] ReadByRestore = ["global.json", "Directory.Build.props", "Directory.Build.targets", "Directory.Packages.props", "nuget.config", "NuGet.config"];
    private static readonly string[] ReadByBuild = [.. ReadByRestore, ".editorconfig", ".globalconfig", "BannedSymbols.txt"];

    private static readonly string Image = Sources.Read("deploy/Dockerfile");
    private static readonly string BeforeRestore = Image[..Image.IndexOf("RUN dotnet restore", StringComparison.Ordinal)];
    private static readonly string BeforePublish = Image[..Image.IndexOf("RUN dotnet publish", StringComparison.Ordinal)];

    [Fact]
    public void Restores_every_project_that_the_server_needs() => NeededBy("Server").Distinct()
        .Where(name => !BeforeRestore.Contains($"COPY src/{name}/{name}.csproj src/{name}/packages.lock.json src/{name}/\n", StringComparison.Ordinal))
        .ShouldHaveNone("Projects whose file and lock deploy/Dockerfile does not copy before it restores. Add a COPY line like its others:");

    [Fact]
    public void Has_what_restore_and_build_read_at_the_root()
    {
        Missing(ReadByRestore, BeforeRestore).ShouldHaveNone("Files that deploy/Dockerfile does not copy before it restores:");
        Missing(ReadByBuild, BeforePublish).ShouldHaveNone("Files that deploy/Dockerfile does not copy before it publishes:");
    }

    [Fact]
    public void Copies_only_what_is_there_and_not_ignored()
    {
        var ignored = Sources.Read(".dockerignore").Split('\n').Where(line => line.Length > 0 && line[0] != '#').ToList();

        Copied(Image).Where(path => !Path.Exists(Repository.PathOf(path)) || ignored.Any(pattern => IsIgnored(path, pattern)))
            .ShouldHaveNone("Paths that deploy/Dockerfile copies and that are not there, or left out by .dockerignore:");
        Sources.Files.Where(file => file.StartsWith("src/", StringComparison.Ordinal) && ignored.Any(pattern => IsIgnored(file, pattern)))
            .ShouldHaveNone("Sources that .dockerignore keeps out of the image:");
    }

    [Fact]
    public void Runs_what_was_published_with_settings_that_there_are()
    {
        Image.ShouldContain("ENTRYPOINT [\"dotnet\", \"OpenAIProxy.Server.dll\"]\n");
        Named(@"OPENAIPROXY_\w+").Except(AllSettings.List.Select(setting => setting.Variable)).ShouldHaveNone("Variables of deploy/Dockerfile that are no settings:");
        Named(@"(?<=dotnet/(sdk|aspnet):)[\d.]+").Select(version => $"net{version}").ShouldAllBe(framework => Sources.Read("Directory.Build.props").Contains($"<TargetFramework>{framework}<", StringComparison.Ordinal));
    }

    private static IEnumerable<string> Missing(IEnumerable<string> files, string steps) =>
        files.Where(file => File.Exists(Repository.PathOf(file))).Except(Copied(steps));

    private static IEnumerable<string> Named(string pattern) =>
        Regex.Matches(Image, pattern, RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)).Select(match => match.Value);

    // From the context, not from another stage.
    private static IEnumerable<string> Copied(string steps) => steps.Split('\n')
        .Where(line => line.StartsWith("COPY ", StringComparison.Ordinal) && !line.Contains("--from=", StringComparison.Ordinal))
        .SelectMany(line => line.Split(' ')[1..^1]);

    private static bool IsIgnored(string path, string pattern)
    {
        var parts = path.Split('/');
        return pattern.StartsWith("**/", StringComparison.Ordinal)
            ? parts.Any(part => FileSystemName.MatchesSimpleExpression(pattern.AsSpan(3), part, ignoreCase: false))
            : FileSystemName.MatchesSimpleExpression(pattern, parts[0], ignoreCase: false);
    }

    private static IEnumerable<string> NeededBy(string name) => Project.OfProduct
        .Where(project => project.Name == name).SelectMany(project => project.ProjectReferences).SelectMany(NeededBy).Append(name);
}
