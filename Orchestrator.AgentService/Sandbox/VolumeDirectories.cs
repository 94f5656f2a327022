using Orchestrator.AgentService.Execution;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Resources;

namespace Orchestrator.AgentService.Sandbox;

/// <summary>The directories of persistent volumes, as tasks see them.</summary>
internal static class VolumeDirectories
{
    /// <summary>
    /// Makes sure that the volumes are there, and gives each that is not shared to the account of the task. A directory that is
    /// missing is not made: its disk is not mounted, and the task would begin with no data and write where it does not belong.
    /// </summary>
    /// <exception cref="ContainerLaunchException">A volume is not there, cannot be mounted where the task wants it, or cannot be given away.</exception>
    internal static void Prepare(IReadOnlyList<TaskVolume> volumes, string? user)
    {
        foreach (var volume in volumes)
        {
            if (VolumePath.Check(volume.ContainerPath) is { } problem)
            {
                throw new ContainerLaunchException($"'disk.volume.container_path' of a persistent volume: {problem}");
            }

            if (!Directory.Exists(volume.HostPath))
            {
                throw new ContainerLaunchException($"The persistent volume at {volume.HostPath} is gone. Mount its disk, or restore the directory; to give the data up, make it anew");
            }

            try
            {
                (volume.IsShared ? default : SandboxOwner.Of(user)).Give(volume.HostPath);
            }
            catch (IOException e)
            {
                throw new ContainerLaunchException($"Persistent volume '{volume.ContainerPath}': {e.Message}");
            }
        }
    }

    /// <summary>Links the volumes into the sandbox of a command, which sees the machine's files where they are.</summary>
    /// <exception cref="ContainerLaunchException">A link cannot do what the task asks for.</exception>
    internal static void Link(ContainerPlan plan)
    {
        foreach (var volume in plan.Volumes)
        {
            if (volume.ContainerPath.StartsWith('/'))
            {
                throw new ContainerLaunchException($"Persistent volume '{volume.ContainerPath}': a command without an image has its volumes in the sandbox; use a relative 'container_path', or run the task with a Docker image");
            }

            if (volume.IsReadOnly)
            {
                throw new ContainerLaunchException($"Persistent volume '{volume.ContainerPath}': a command without an image cannot have it read-only; use mode RW, or run the task with a Docker image");
            }

            try
            {
                File.CreateSymbolicLink(SandboxPaths.Prepare(plan.SandboxDirectory, volume.ContainerPath, SandboxOwner.Of(plan.User)), volume.HostPath);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ContainerLaunchException($"Persistent volume '{volume.ContainerPath}': {e.Message}");
            }
        }
    }
}
