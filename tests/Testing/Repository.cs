namespace OpenAIProxy.Testing;

/// <summary>The repository that the tests were built from.</summary>
public static class Repository
{
    /// <summary>The folder with the solution.</summary>
    public static string Root { get; } = FindRoot();

    /// <summary>Debug or Release: as this test was built, so was what it starts.</summary>
    public static string Configuration { get; } = new DirectoryInfo(AppContext.BaseDirectory).Parent!.Name;

    public static string PathOf(string relative) => Path.Combine(Root, relative);

    private static string FindRoot()
    {
        var directory = new DirectoryInfo(AppContext.BaseDirectory);
        while (!File.Exists(Path.Combine(directory.FullName, "OpenAIProxy.slnx")))
            directory = directory.Parent ?? throw new InvalidOperationException($"No folder above {AppContext.BaseDirectory} has OpenAIProxy.slnx.");
        return directory.FullName;
    }
}
