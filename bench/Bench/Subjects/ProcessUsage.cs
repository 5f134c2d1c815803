using System.Globalization;

namespace OpenAIProxy.Bench.Subjects;

/// <summary>What a process and its children have used so far, and have now, as the kernel says.</summary>
/// <param name="Cpu">In user and kernel mode, to a hundredth of a second.</param>
/// <param name="Peak">The most resident memory since the start, in bytes.</param>
internal readonly record struct ProcessUsage(TimeSpan Cpu, long Resident, long Peak, int Threads, int Handles)
{
    // What the kernel counts in towards programs, on every architecture that .NET runs on.
    private const int TicksPerSecond = 100;

    public static ProcessUsage Of(int process) =>
        Children(process).Select(Of).Aggregate(OfOne(process), (all, one) => new ProcessUsage(
            all.Cpu + one.Cpu, all.Resident + one.Resident, all.Peak + one.Peak, all.Threads + one.Threads, all.Handles + one.Handles));

    /// <summary>What the threads of one name have used, as far as they still run.</summary>
    /// <param name="name">At most 15 characters, where the kernel cuts it off.</param>
    public static TimeSpan OfThreads(int process, string name)
    {
        var used = TimeSpan.Zero;
        foreach (var thread in Directory.EnumerateDirectories($"/proc/{process}/task"))
        {
            try
            {
                if (File.ReadAllText($"{thread}/comm").TrimEnd() == name)
                    used += CpuIn(File.ReadAllText($"{thread}/stat"));
            }
            catch (IOException)
            {
                // It has ended meanwhile.
            }
        }
        return used;
    }

    /// <param name="stat">/proc/…/stat</param>
    /// <param name="status">The lines of /proc/…/status</param>
    public static ProcessUsage Parse(string stat, IEnumerable<string> status, int handles)
    {
        var values = status.Select(line => line.Split(':')).ToDictionary(pair => pair[0], pair => pair[^1].Trim());
        return new ProcessUsage(
            CpuIn(stat),
            Bytes(values["VmRSS"]),
            Bytes(values["VmHWM"]),
            (int)Number(Fields(stat)[17]),
            handles);
    }

    private static TimeSpan CpuIn(string stat)
    {
        var fields = Fields(stat);
        return TimeSpan.FromSeconds((Number(fields[11]) + Number(fields[12])) / (double)TicksPerSecond);
    }

    // The name before the last bracket may hold anything. Of what follows it, the state is the first.
    private static string[] Fields(string stat) => stat[(stat.LastIndexOf(')') + 2)..].Split(' ');

    private static ProcessUsage OfOne(int process) =>
        Parse(File.ReadAllText($"/proc/{process}/stat"), File.ReadLines($"/proc/{process}/status"), Directory.EnumerateFileSystemEntries($"/proc/{process}/fd").Count());

    private static IEnumerable<int> Children(int process) =>
        File.ReadAllText($"/proc/{process}/task/{process}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse);

    // Such as '12345 kB'.
    private static long Bytes(string text) => Number(text.Split(' ')[0]) * 1024;

    private static long Number(string text) => long.Parse(text, CultureInfo.InvariantCulture);
}
