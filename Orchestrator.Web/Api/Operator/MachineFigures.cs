using System.Globalization;

namespace Orchestrator.Web.Api.Operator;

/// <summary>What the machine under the host is doing, from <c>/proc</c>. What cannot be read is 0.</summary>
public sealed record MachineFigures
{
    /// <summary>Average load of the last 1, 5 and 15 minutes.</summary>
    public required (double One, double Five, double Fifteen) Load { get; init; }

    /// <summary>Cores.</summary>
    public required int Cpus { get; init; }

    /// <summary>All memory, in bytes.</summary>
    public required long MemTotalBytes { get; init; }

    /// <summary>Memory that nothing uses, in bytes.</summary>
    public required long MemFreeBytes { get; init; }

    /// <summary>Reads them now.</summary>
    public static MachineFigures Read()
    {
        var load = Lines("/proc/loadavg").FirstOrDefault("0 0 0").Split(' ');
        long total = 0;
        long free = 0;
        foreach (var line in Lines("/proc/meminfo"))
        {
            if (line.StartsWith("MemTotal:", StringComparison.Ordinal))
            {
                total = KibiBytes(line);
            }
            else if (line.StartsWith("MemFree:", StringComparison.Ordinal))
            {
                free = KibiBytes(line);
            }
        }

        return new MachineFigures { Load = (Number(load, 0), Number(load, 1), Number(load, 2)), Cpus = Environment.ProcessorCount, MemTotalBytes = total, MemFreeBytes = free };
    }

    private static string[] Lines(string path)
    {
        try
        {
            return File.ReadAllLines(path);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return [];
        }
    }

    // A line of the form "MemTotal:       25276502 kB".
    private static long KibiBytes(string line)
    {
        var parts = line.Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return parts.Length > 1 && long.TryParse(parts[1], NumberStyles.None, CultureInfo.InvariantCulture, out var number) ? number * 1024 : 0;
    }

    private static double Number(string[] parts, int index) =>
        index < parts.Length && double.TryParse(parts[index], NumberStyles.Float, CultureInfo.InvariantCulture, out var number) ? number : 0;
}
