using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.Repositories;
using OpenAIProxy.Storage.Sqlite;

namespace OpenAIProxy.Storage.Secrets;

/// <summary>The key ring as files for their owner only, which the framework's own repository does not see to.</summary>
internal sealed class KeyRingFiles(string directory) : IXmlRepository
{
    public IReadOnlyCollection<XElement> GetAllElements() => !Directory.Exists(directory)
        ? []
        : [.. Directory.EnumerateFiles(directory, "*.xml").Order(StringComparer.Ordinal).Select(file => XElement.Load(file))];

    public void StoreElement(XElement element, string friendlyName)
    {
        DataDirectory.Make(directory);
        var path = Path.Combine(directory, friendlyName + ".xml");
        var unfinished = path + ".tmp";
        using (var stream = Create(unfinished))
        {
            element.Save(stream);
            // All secrets depend on this file: it must be on the disk before anything is encrypted with it.
            stream.Flush(flushToDisk: true);
        }
        // Another node that reads the ring meanwhile sees a whole file or none.
        File.Move(unfinished, path);
    }

    private static FileStream Create(string path)
    {
        var options = new FileStreamOptions { Mode = FileMode.Create, Access = FileAccess.Write };
        if (!OperatingSystem.IsWindows())
            options.UnixCreateMode = DataDirectory.OwnerOnlyFile;
        return new FileStream(path, options);
    }
}
