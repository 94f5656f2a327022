using System.Globalization;

namespace Orchestrator.AgentService.Isolation;

/// <summary>
/// A line of <c>/proc/PID/stat</c>, such as <c>4711 (my (odd) name) S 1 4711 4711 0 -1 … 123456 …</c>.
/// </summary>
/// <param name="Pid">The process.</param>
/// <param name="State">R, S, D, T, Z and so on.</param>
/// <param name="Parent">Its parent.</param>
/// <param name="Group">Its process group.</param>
/// <param name="Session">Its session.</param>
/// <param name="UserTicks">Time in user mode, ticks of 10 ms.</param>
/// <param name="SystemTicks">Time in the kernel, ticks of 10 ms.</param>
/// <param name="StartTicks">When it began, ticks since the machine was booted.</param>
/// <param name="ResidentPages">Its resident memory.</param>
internal sealed record ProcessStat(int Pid, char State, int Parent, int Group, int Session, long UserTicks, long SystemTicks, long StartTicks, long ResidentPages)
{
    /// <summary>Ticks a second; a constant of the interface, whatever the kernel's own is.</summary>
    internal const int TicksPerSecond = 100;

    /// <summary>Parses a line; null when it is none.</summary>
    internal static ProcessStat? Parse(string line)
    {
        var open = line.IndexOf('(', StringComparison.Ordinal);
        var close = line.LastIndexOf(')');
        if (open <= 0 || close < open || !int.TryParse(line.AsSpan(0, open), NumberStyles.AllowTrailingWhite, CultureInfo.InvariantCulture, out var pid))
        {
            return null;
        }

        // What follows the name: state is field 3 of proc(5), so field n is fields[n - 3].
        var fields = line[(close + 1)..].Split(' ', StringSplitOptions.RemoveEmptyEntries);
        return fields.Length >= 22 && fields[0].Length == 1
            && Number(fields[1], out var parent) && Number(fields[2], out var group) && Number(fields[3], out var session)
            && Number(fields[11], out var user) && Number(fields[12], out var system) && Number(fields[19], out var start) && Number(fields[21], out var resident)
            ? new ProcessStat(pid, fields[0][0], (int)parent, (int)group, (int)session, user, system, start, resident)
            : null;
    }

    /// <summary>What is known of a process now; null when there is none.</summary>
    internal static ProcessStat? Read(int pid)
    {
        try
        {
            return Parse(File.ReadAllText(string.Create(CultureInfo.InvariantCulture, $"/proc/{pid}/stat")));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return null;
        }
    }

    /// <summary>All processes of the machine.</summary>
    internal static List<ProcessStat> ReadAll() =>
    [
        .. Directory.EnumerateDirectories("/proc")
            .Select(path => int.TryParse(Path.GetFileName(path), CultureInfo.InvariantCulture, out var pid) ? Read(pid) : null)
            .OfType<ProcessStat>(),
    ];

    private static bool Number(string text, out long number) => long.TryParse(text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out number);
}
