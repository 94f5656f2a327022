using System.Text;

namespace Orchestrator.AgentService.Isolation;

/// <summary>
/// The processes of a container where there are no control groups: those of its session, their descendants, and those that
/// made a session of their own but still have the container's environment. One that also changed its environment is not
/// found; only control groups hold it.
/// </summary>
internal static class StrayProcesses
{
    /// <summary>The variable that a command finds its sandbox in; its value ends with the container's id.</summary>
    private const string Mark = "MESOS_SANDBOX=";

    /// <summary>Everything that runs.</summary>
    /// <param name="command">The command's first process; null when it had none.</param>
    /// <param name="containerId">The container.</param>
    internal static IReadOnlyList<int> Of(ProcessIdentity? command, string containerId)
    {
        var all = ProcessStat.ReadAll();
        var found = new HashSet<int>();
        foreach (var process in all.Where(process => process.State is not ('Z' or 'X')))
        {
            // A session's id is not given to another process while one is left in it.
            if ((command is { } leader && process.Session == leader.Pid && process.StartTicks >= leader.StartTicks) || HasMark(process.Pid, containerId))
            {
                found.Add(process.Pid);
            }
        }

        for (var grown = true; grown;)
        {
            grown = false;
            foreach (var process in all.Where(process => process.State is not ('Z' or 'X') && found.Contains(process.Parent)))
            {
                grown |= found.Add(process.Pid);
            }
        }

        return [.. found];
    }

    private static bool HasMark(int pid, string containerId)
    {
        try
        {
            return Encoding.UTF8.GetString(File.ReadAllBytes($"/proc/{pid}/environ"))
                .Split('\0')
                .Any(variable => variable.StartsWith(Mark, StringComparison.Ordinal) && variable.EndsWith("/" + containerId, StringComparison.Ordinal));
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has gone, or belongs to somebody else.
            return false;
        }
    }
}
