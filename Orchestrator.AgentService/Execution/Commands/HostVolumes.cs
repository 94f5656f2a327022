using Orchestrator.AgentService.Sandbox;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.Policy;

namespace Orchestrator.AgentService.Execution.Commands;

/// <summary>
/// Volumes of commands. A command sees the machine's own files, so a volume can only be a link from its sandbox to a folder
/// of the host; what a link cannot do (another absolute path, read-only) is refused with the way out.
/// </summary>
internal static class HostVolumes
{
    /// <summary>Makes the links of a task.</summary>
    /// <exception cref="ContainerLaunchException">A volume cannot be had, or is not allowed.</exception>
    internal static void Link(ContainerPlan plan, SecurityPolicy policy)
    {
        foreach (var volume in plan.Task.Container?.Volumes ?? [])
        {
            try
            {
                Link(plan, volume, policy);
            }
            catch (Exception e) when (e is IOException or UnauthorizedAccessException)
            {
                throw new ContainerLaunchException($"Volume '{volume.ContainerPath}': {e.Message}");
            }
        }
    }

    private static void Link(ContainerPlan plan, Volume volume, SecurityPolicy policy)
    {
        var host = volume.HasHostPath ? volume.HostPath
            : volume.Source is { HasType: true, Type: Volume.Types.Source.Types.Type.HostPath } source ? source.HostPath?.Path
            : null;
        var inSandbox = volume.Source is { HasType: true, Type: Volume.Types.Source.Types.Type.SandboxPath } own ? own.SandboxPath : null;
        if (host is null && inSandbox is null && (volume.Source is not null || volume.Image is not null))
        {
            throw new IOException("only volumes of the host and of its sandbox can be had by a command without an image; give 'host_path', or run the task with Docker");
        }

        if (volume.Mode == Volume.Types.Mode.Ro)
        {
            throw new IOException("a command without an image cannot have it read-only; use mode RW, or run the task with Docker");
        }

        if (host is { Length: 0 })
        {
            throw new IOException("its 'host_path' is empty; name a folder of the host");
        }

        if (volume.ContainerPath.StartsWith('/'))
        {
            // The same folder under the same name is there already.
            if (host is null || Path.TrimEndingDirectorySeparator(host) != Path.TrimEndingDirectorySeparator(volume.ContainerPath))
            {
                throw new IOException("a command without an image sees the host's files where they are; use a 'container_path' relative to the sandbox, or run the task with Docker");
            }

            Existing(host, policy);
            return;
        }

        var owner = SandboxOwner.Of(plan.User);
        var path = SandboxPaths.Prepare(plan.SandboxDirectory, volume.ContainerPath, owner);
        if (inSandbox is not null)
        {
            LinkInside(plan, inSandbox, path, owner);
        }
        else if (host is null)
        {
            SandboxPaths.MakeDirectory(path, owner);
        }
        else if (host.StartsWith('/'))
        {
            File.CreateSymbolicLink(path, Existing(host, policy));
        }
        else
        {
            LinkInside(plan.SandboxDirectory, host, path, owner);
        }
    }

    private static void LinkInside(ContainerPlan plan, Volume.Types.Source.Types.SandboxPath volume, string path, SandboxOwner owner)
    {
        var sandbox = volume.Type != Volume.Types.Source.Types.SandboxPath.Types.Type.Parent ? plan.SandboxDirectory
            : plan.Group?.SandboxDirectory ?? throw new IOException("only a task of a group has a parent sandbox; use a 'sandbox_path' of type SELF");
        LinkInside(sandbox, volume.Path, path, owner);
    }

    /// <summary>A folder of a sandbox, made if need be.</summary>
    private static void LinkInside(string sandbox, string relative, string path, SandboxOwner owner)
    {
        var inside = SandboxPaths.Prepare(sandbox, relative, owner);
        SandboxPaths.MakeDirectory(inside, owner);
        if (inside != path)
        {
            File.CreateSymbolicLink(path, inside);
        }
    }

    /// <summary>The folder or file that the path leads to, once every link on the way is followed and allowed.</summary>
    private static string Existing(string host, SecurityPolicy policy)
    {
        using var handle = Posix.Locate(host) ?? throw new IOException($"the host has no '{host}'; make it first");
        var real = Posix.PathOf(handle) ?? host;
        return (policy.CheckHostPath(host) ?? policy.CheckHostPath(real)) is { } refusal ? throw new IOException(refusal) : real;
    }
}
