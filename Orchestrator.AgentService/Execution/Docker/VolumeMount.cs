using System.Text.Json.Nodes;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Contract.Policy;
using SourceType = Orchestrator.Core.Contract.Mesos.Volume.Types.Source.Types.Type;

namespace Orchestrator.AgentService.Execution.Docker;

/// <summary>Turns a task's volumes into mounts of its container.</summary>
/// <param name="options">How containers are run.</param>
/// <param name="paths">Which folders may be mounted.</param>
/// <param name="plan">The container.</param>
/// <param name="hasDriver">Whether relative host paths are names of a volume driver.</param>
internal sealed class VolumeMount(DockerOptions options, HostPaths paths, ContainerPlan plan, bool hasDriver)
{
    /// <summary>Adds the persistent volumes: at their absolute path, or in the sandbox as the container sees it.</summary>
    internal void AddPersistent(JsonObject host)
    {
        foreach (var volume in plan.Volumes)
        {
            Bind(host, volume.HostPath, Inside(volume.ContainerPath), volume.IsReadOnly ? "ro" : "rw");
        }
    }

    /// <summary>Adds one volume.</summary>
    /// <exception cref="FormatException">It cannot be mounted; the message says why.</exception>
    internal void Add(JsonObject host, Volume volume)
    {
        var target = volume.ContainerPath;
        if (target.Length == 0)
        {
            throw new FormatException("a volume has no 'container_path'");
        }

        var mode = volume.Mode == Volume.Types.Mode.Ro ? "ro" : "rw";
        var inside = Inside(target);
        var type = volume.Source is { } source ? source.Type : volume.HasHostPath ? SourceType.HostPath : SourceType.Unknown;
        switch (type)
        {
            case SourceType.HostPath:
                var path = volume.Source?.HostPath?.Path ?? volume.HostPath;
                Bind(host, HostPathOf(path, target), inside, mode);
                break;
            case SourceType.SandboxPath:
                Bind(host, SandboxPathOf(volume.Source!.SandboxPath, target), inside, mode);
                break;
            case SourceType.DockerVolume:
                RunOptions.List(host, "Mounts").Add(DockerVolume(volume.Source!.DockerVolume, inside, mode == "ro"));
                break;
            default:
                throw new FormatException($"volume '{target}' has no 'host_path', and its source {type} is not for Docker containers; give 'host_path' or a source HOST_PATH, SANDBOX_PATH or DOCKER_VOLUME");
        }
    }

    /// <summary>Mounts a folder of the host; <paramref name="mode"/> is <c>ro</c>, <c>rw</c> or nothing.</summary>
    internal static void Bind(JsonObject host, string source, string target, string? mode)
    {
        if (!source.Contains(':', StringComparison.Ordinal) && !target.Contains(':', StringComparison.Ordinal))
        {
            RunOptions.List(host, "Binds").Add(mode is null ? $"{source}:{target}" : $"{source}:{target}:{mode}");
            return;
        }

        // The short form cannot hold a colon. This one does not make a missing folder.
        Directory.CreateDirectory(source);
        RunOptions.List(host, "Mounts").Add(new JsonObject { ["Type"] = "bind", ["Source"] = source, ["Target"] = target, ["ReadOnly"] = mode == "ro" });
    }

    private string SandboxPathOf(Volume.Types.Source.Types.SandboxPath? path, string target)
    {
        if (path is not { Type: Volume.Types.Source.Types.SandboxPath.Types.Type.Parent })
        {
            return InSandbox(path?.Path ?? throw new FormatException($"volume '{target}': its 'sandbox_path' is missing"));
        }

        return plan.Group is { } group
            ? HostPaths.InSandbox(group.SandboxDirectory, path.Path)
            : throw new FormatException($"volume '{target}': only a task of a group has a parent sandbox; use SELF");
    }

    private string Inside(string path) => path.StartsWith('/') ? path : options.SandboxDirectory.TrimEnd('/') + "/" + path;

    /// <summary>
    /// A folder of the sandbox; one that is a persistent volume is the volume: so a volume of the sandbox is had at an absolute
    /// path, as definitions of stateful services write it (<c>hostPath</c> "pgdata" for the volume "pgdata").
    /// </summary>
    private string InSandbox(string path)
    {
        foreach (var volume in plan.Volumes)
        {
            var name = volume.ContainerPath.TrimEnd('/');
            if (path.TrimEnd('/') == name)
            {
                return volume.HostPath;
            }

            if (path.StartsWith(name + "/", StringComparison.Ordinal))
            {
                return HostPaths.InSandbox(volume.HostPath, path[(name.Length + 1)..]);
            }
        }

        return HostPaths.InSandbox(plan.SandboxDirectory, path);
    }

    private string HostPathOf(string path, string target)
    {
        if (path.Length == 0)
        {
            throw new FormatException($"volume '{target}' has an empty 'host_path'");
        }

        if (path.StartsWith('/'))
        {
            return paths.Allow(path);
        }

        if (hasDriver)
        {
            return path;
        }

        return target.StartsWith('/')
            ? InSandbox(path)
            : throw new FormatException($"Both host_path '{path}' and container_path '{target}' of a volume are relative; make one of them absolute");
    }

    private JsonObject DockerVolume(Volume.Types.Source.Types.DockerVolume? volume, string target, bool isReadOnly)
    {
        if (volume is null || volume.Name.Length == 0 || volume.Name.Contains('/', StringComparison.Ordinal))
        {
            throw new FormatException($"volume '{target}': give the name of a docker volume");
        }

        var mount = new JsonObject { ["Type"] = "volume", ["Source"] = volume.Name, ["Target"] = target, ["ReadOnly"] = isReadOnly };
        if (!volume.HasDriver && volume.DriverOptions is null)
        {
            return mount;
        }

        var driver = new JsonObject { ["Name"] = volume.HasDriver ? volume.Driver : "local" };
        foreach (var option in volume.DriverOptions?.Parameter ?? [])
        {
            // The local driver mounts any folder of the host when its options say so.
            if (options.Policy.Mode != PolicyMode.Privileged)
            {
                throw new FormatException($"--policy={options.Policy.Mode.ToString().ToLowerInvariant()} does not allow driver options of docker volume '{volume.Name}'; create the volume beforehand, or use --policy=privileged.");
            }

            RunOptions.Map(driver, "Options")[option.Key] = option.Value;
        }

        mount["VolumeOptions"] = new JsonObject { ["DriverConfig"] = driver };
        return mount;
    }
}
