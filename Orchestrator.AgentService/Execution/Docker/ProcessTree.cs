using System.Diagnostics;
using System.Globalization;
using Orchestrator.AgentService.Isolation;

namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>
/// Ends a command that was run in a container and took too long, with its children: the Engine API has no call for that.
/// Works where the agent sees the daemon's processes.
/// </summary>
internal static class ProcessTree
{
    /// <summary>A signal to a process, if it belongs to the container; SIGKILL also to its descendants.</summary>
    internal static void Signal(int pid, string containerId, int signal)
    {
        if (signal == Native.SigKill)
        {
            Kill(pid, containerId);
            return;
        }

        try
        {
            if (File.ReadAllText($"/proc/{pid}/cgroup").Contains(containerId, StringComparison.Ordinal))
            {
                Native.Kill(pid, signal);
            }
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // It has ended meanwhile, or is out of sight.
        }
    }

    /// <summary>SIGKILL to a process and its descendants, if they belong to the container.</summary>
    internal static void Kill(int pid, string containerId)
    {
        try
        {
            // 4:memory:/docker/<id>
            if (!File.ReadAllText($"/proc/{pid}/cgroup").Contains(containerId, StringComparison.Ordinal))
            {
                return;
            }

            var children = File.ReadAllText($"/proc/{pid}/task/{pid}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries);
            using var process = Process.GetProcessById(pid);
            process.Kill();
            foreach (var child in children)
            {
                Kill(int.Parse(child, CultureInfo.InvariantCulture), containerId);
            }
        }
        catch (Exception e) when (e is IOException or ArgumentException or InvalidOperationException or UnauthorizedAccessException or System.ComponentModel.Win32Exception)
        {
            // It has ended meanwhile, or is out of sight.
        }
    }
}
