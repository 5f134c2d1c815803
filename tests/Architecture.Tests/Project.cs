using System.Reflection.Metadata;
using System.Reflection.PortableExecutable;
using System.Xml.Linq;
using OpenAIProxy.Testing;

namespace OpenAIProxy.Architecture.Tests;

/// <summary>One of our projects, as its file and its assembly say it is.</summary>
internal sealed record Project(string File)
{
    private const string Prefix = "OpenAIProxy.";

    public static IEnumerable<Project> All => Sources.FilesOf(".csproj").Select(file => new Project(file));

    public static IEnumerable<Project> OfProduct => All.Where(project => project.File.StartsWith("src/", StringComparison.Ordinal));

    public string Name => Path.GetFileNameWithoutExtension(File);

    public string Folder => Path.GetDirectoryName(File)!;

    /// <summary>The projects that its file names.</summary>
    public IEnumerable<string> ProjectReferences => Named("ProjectReference").Select(path => Path.GetFileNameWithoutExtension(path));

    public IEnumerable<string> PackageReferences => Named("PackageReference");

    public IEnumerable<string> FrameworkReferences => Named("FrameworkReference");

    /// <summary>The assemblies that its own assembly names.</summary>
    public IEnumerable<string> AssemblyReferences
    {
        get
        {
            using var file = System.IO.File.OpenRead(Repository.PathOf($"{Folder}/bin/{Repository.Configuration}/net10.0/{Prefix}{Name}.dll"));
            using var image = new PEReader(file);
            var metadata = image.GetMetadataReader();
            return [.. metadata.AssemblyReferences.Select(handle => metadata.GetString(metadata.GetAssemblyReference(handle).Name))];
        }
    }

    /// <summary>The projects of ours that its assembly uses.</summary>
    public IEnumerable<string> UsedProjects => AssemblyReferences.Where(name => name.StartsWith(Prefix, StringComparison.Ordinal)).Select(name => name[Prefix.Length..]);

    public XElement Xml => XElement.Parse(Sources.Read(File));

    private IEnumerable<string> Named(string element) => Xml.Descendants(element).Select(reference => (string)reference.Attribute("Include")!);
}
