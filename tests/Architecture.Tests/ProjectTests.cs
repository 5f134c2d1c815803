using System.Text.RegularExpressions;
using System.Xml.Linq;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Architecture.Tests;

/// <summary>Projects, their packages, and the files that have to name each of them.</summary>
public sealed class ProjectTests
{
    // Restored with other versions than BenchmarkDotNet names (NU1603): whether these can be had must not decide whether the product is built. 'bench/run micro' builds it.
    private static readonly string[] BuiltByItself = ["bench/Micro/Micro.csproj"];

    [Fact]
    public void Every_project_is_in_the_solution()
    {
        var solution = Sources.Read("OpenAIProxy.slnx");

        Project.All.Where(project => !BuiltByItself.Contains(project.File) && !solution.Contains($"\"{project.File}\"", StringComparison.Ordinal)).Select(project => project.File)
            .ShouldHaveNone("Projects that OpenAIProxy.slnx does not name, so that nothing builds them. Add them:");
    }

    [Fact]
    public void Every_project_has_its_packages_locked() => Project.All
        .Where(project => !File.Exists(Repository.PathOf($"{project.Folder}/packages.lock.json"))).Select(project => project.File)
        .ShouldHaveNone("Projects without packages.lock.json. Run 'dotnet restore' and commit what it writes:");

    [Fact]
    public void Versions_of_packages_stand_in_one_place_only() => Project.All
        .SelectMany(project => project.Xml.Descendants("PackageReference")
            .Where(reference => reference.Attribute("Version") is not null || reference.Attribute("VersionOverride") is not null || reference.Element("Version") is not null)
            .Select(reference => $"{project.File}: {reference.Attribute("Include")?.Value}"))
        .ShouldHaveNone("Versions in project files. Move them to Directory.Packages.props:");

    [Fact]
    public void Versions_of_packages_are_exact() => XElement.Parse(Sources.Read("Directory.Packages.props")).Descendants("PackageVersion")
        .Where(package => !Regex.IsMatch((string)package.Attribute("Version")!, @"^\d+(\.\d+)+(-[\w.]+)?$", RegexOptions.ExplicitCapture, TimeSpan.FromSeconds(1)))
        .Select(package => package.ToString())
        .ShouldHaveNone("Versions that are ranges or wildcards in Directory.Packages.props. Write the one that is meant:");
}
