using System.Globalization;

namespace Grid.Bench.Measuring;

/// <summary>CPU time of processes as the kernel accounts for it, user and system, in ticks of a hundredth of a second.</summary>
internal static class ProcessCpu
{
    private const double TicksPerSecond = 100;

    /// <summary>Fields of <c>/proc/&lt;pid&gt;/stat</c>, counted from after the name: utime, stime, and those of children that have ended.</summary>
    private const int ParentField = 1;
    private const int FirstTimeField = 11;
    private const int TimeFields = 4;

    /// <summary>Seconds used by a process and the children that it has waited for.</summary>
    public static double SecondsOf(int process) => Read(process.ToString(CultureInfo.InvariantCulture))?.Seconds ?? 0;

    /// <summary>Seconds used by a process and its children, those that live included.</summary>
    public static double SecondsOfTree(int process) =>
        SecondsOf(process) + Directory.EnumerateDirectories("/proc")
            .Select(Path.GetFileName)
            .Where(static name => char.IsAsciiDigit(name![0]))
            .Select(static name => Read(name!))
            .Where(stat => stat is { } found && found.Parent == process)
            .Sum(static stat => stat!.Value.Seconds);

    private static (int Parent, double Seconds)? Read(string process)
    {
        string stat;
        try
        {
            stat = File.ReadAllText($"/proc/{process}/stat");
        }
        catch (IOException)
        {
            // It has ended since it was listed.
            return null;
        }

        // The name stands in parentheses and may hold anything.
        var fields = stat[(stat.LastIndexOf(')') + 2)..].Split(' ');
        var ticks = fields.Skip(FirstTimeField).Take(TimeFields).Sum(static f => long.Parse(f, CultureInfo.InvariantCulture));
        return (int.Parse(fields[ParentField], CultureInfo.InvariantCulture), ticks / TicksPerSecond);
    }
}
