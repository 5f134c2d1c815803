namespace OpenAIProxy.Architecture.Tests;

/// <summary>Who may know whom: the drawing in ARCHITECTURE.md.</summary>
public sealed class ArrowTests
{
    private const string Advice = "An arrow that ARCHITECTURE.md does not draw. Take it out, or change the drawing, this test and write a decision record that says why:";

    private static readonly Dictionary<string, string[]> Drawn = new()
    {
        ["Domain"] = [],
        ["Gateway"] = ["Domain"],
        ["Storage"] = ["Domain"],
        ["Portal"] = ["Domain", "Storage"],
        ["Server"] = ["Domain", "Gateway", "Portal", "Storage", "Simulator"],
        // These two speak HTTP: one is what the gateway is measured by, the other a client like any.
        ["Simulator"] = [],
        ["Cli"] = [],
    };

    [Fact]
    public void Every_project_of_the_product_is_in_the_drawing() => Project.OfProduct
        .Select(project => project.Name).Where(name => !Drawn.ContainsKey(name))
        .ShouldHaveNone("Projects that the drawing does not have. Draw them in ARCHITECTURE.md and add them to this test:");

    [Fact]
    public void Project_files_reference_what_the_drawing_allows() => Project.OfProduct
        .SelectMany(project => project.ProjectReferences.Except(Drawn[project.Name]).Select(known => $"{project.File} references {known}"))
        .ShouldHaveNone(Advice);

    [Fact]
    public void Assemblies_use_what_the_drawing_allows() => Project.OfProduct
        .SelectMany(project => project.UsedProjects.Except(Drawn[project.Name]).Select(known => $"{project.Name} uses {known}"))
        .ShouldHaveNone(Advice);

    [Fact]
    public void Domain_knows_nothing_but_the_language()
    {
        var domain = Project.OfProduct.Single(project => project.Name == "Domain");

        domain.PackageReferences.Concat(domain.FrameworkReferences)
            .Concat(domain.AssemblyReferences.Where(name => !name.StartsWith("System.", StringComparison.Ordinal)))
            .ShouldHaveNone("Domain has no packages and no ASP.NET. Let the project that needs this have it, and give Domain a port or a value instead:");
    }

    [Fact]
    public void Gateway_cannot_run_sql() => Project.OfProduct.Single(project => project.Name == "Gateway").AssemblyReferences
        .Where(name => name.Contains("Sql", StringComparison.Ordinal) || name is "Dapper" or "System.Data.Common")
        .ShouldHaveNone("The hot path runs no SQL. What it needs is in the snapshot, the key ring, or behind a port of Domain:");
}
