using System.Globalization;
using Orchestrator.AgentService.Isolation;

namespace Orchestrator.AgentService.Execution.Commands;

/// <summary>
/// What the supervisor of a command writes down in the container's directory: <c>supervisor</c> (boot id and its own line of
/// /proc/PID/stat), <c>command</c> (the command's), <c>exit</c> (its exit code). Each is written at once and ends with a
/// newline; one without is not yet, or never, complete.
/// </summary>
internal sealed class SupervisorRecords(string directory)
{
    private const string Abandoned = "abandoned";

    /// <summary>Where they lie.</summary>
    internal string Directory => directory;

    /// <summary>The exit code; null while there is none.</summary>
    internal int? ExitCode => int.TryParse(Line("exit"), NumberStyles.None, CultureInfo.InvariantCulture, out var code) ? code : null;

    /// <summary>The command's first process, which leads its session; null before it has begun.</summary>
    internal ProcessIdentity? Command => ProcessStat.Parse(Line("command") ?? "") is { } stat ? new ProcessIdentity(stat.Pid, stat.StartTicks) : null;

    /// <summary>The supervisor, with the boot of the machine in which it ran; null when its line is not there.</summary>
    internal (string BootId, ProcessIdentity Process)? Supervisor
    {
        get
        {
            // 4a6f…-…-… 4711 (sh) S 1 4711 …
            var line = Line("supervisor");
            var space = line?.IndexOf(' ', StringComparison.Ordinal) ?? -1;
            return space > 0 && ProcessStat.Parse(line![(space + 1)..]) is { } stat ? (line[..space], new ProcessIdentity(stat.Pid, stat.StartTicks)) : null;
        }
    }

    /// <summary>
    /// Gives a launch up that an earlier run of the agent may have begun: true when no supervisor has started, and then none
    /// will go on.
    /// </summary>
    internal bool TryAbandon()
    {
        try
        {
            using var file = new FileStream(Path.Combine(directory, "supervisor"), FileMode.CreateNew, FileAccess.Write);
            file.Write("abandoned\n"u8);
            return true;
        }
        catch (IOException) when (File.Exists(Path.Combine(directory, "supervisor")))
        {
            return Line("supervisor") == Abandoned;
        }
    }

    /// <summary>A complete line of a record; null when it is not complete.</summary>
    private string? Line(string name)
    {
        try
        {
            var text = File.ReadAllText(Path.Combine(directory, name));
            return text.EndsWith('\n') ? text.TrimEnd('\n') : null;
        }
        catch (Exception e) when (e is FileNotFoundException or DirectoryNotFoundException)
        {
            return null;
        }
    }
}
