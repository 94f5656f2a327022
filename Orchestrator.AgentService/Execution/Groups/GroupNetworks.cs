using System.Collections.Concurrent;
using System.Formats.Tar;
using System.Globalization;
using System.Runtime.InteropServices;
using System.Text.Json.Nodes;
using Orchestrator.AgentService.Execution.Docker;
using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.AgentService.Execution.Groups;

/// <summary>
/// Networks of task groups with Docker: one container for each group that does nothing (<see cref="PauseProgram"/>) is on the
/// network and has the ports of the host mapped; the members join its network namespace. Its image is imported when the
/// daemon does not have it.
/// </summary>
/// <param name="engine">The daemon; disposed with this.</param>
/// <param name="workDirectory">The agent's; marks what is its own.</param>
/// <param name="logger">The log.</param>
internal sealed partial class GroupNetworks(IDockerEngine engine, string workDirectory, ILogger<GroupNetworks> logger) : IGroupNetworks, IDisposable
{
    internal const string Repository = "orchestrator-pause";
    internal const string Tag = "1";

    /// <summary>Not the label of task containers: those who look for ended and unknown tasks must not find holders.</summary>
    internal const string LabelName = "orchestrator.group_of";

    /// <summary>Name of the network that stands for Docker's default bridge in definitions made for Mesos.</summary>
    private const string MesosBridge = "mesos-bridge";

    private readonly ConcurrentDictionary<string, SemaphoreSlim> _own = new();

    /// <inheritdoc/>
    public async Task<GroupNetwork?> EnsureAsync(GroupPlan group, CancellationToken cancellationToken)
    {
        if (NetworkOf(group.Executor) is not { } network)
        {
            return null;
        }

        // Kept until the group goes; members wait for the first of them.
        var gate = _own.GetOrAdd(group.ContainerId, _ => new SemaphoreSlim(1));
        await gate.WaitAsync(cancellationToken);
        try
        {
            return await FindRunningAsync(group.ContainerId, cancellationToken) ?? await CreateAsync(group, network, cancellationToken);
        }
        catch (Exception e) when (e is DockerException or DockerUnavailableException)
        {
            throw new ContainerLaunchException($"Failed to make the network of the task group: {e.Message}");
        }
        finally
        {
            gate.Release();
        }
    }

    /// <inheritdoc/>
    public Task<GroupNetwork?> FindAsync(GroupPlan group, CancellationToken cancellationToken) =>
        NetworkOf(group.Executor) is null ? Task.FromResult<GroupNetwork?>(null) : FindRunningAsync(group.ContainerId, cancellationToken);

    /// <inheritdoc/>
    public async Task RemoveAsync(string containerId, CancellationToken cancellationToken)
    {
        if (await engine.InspectAsync(NameOf(containerId), cancellationToken) is not null)
        {
            await engine.RemoveAsync(NameOf(containerId), cancellationToken);
        }

        _own.TryRemove(containerId, out _);
    }

    /// <inheritdoc/>
    public async Task RemoveOrphansAsync(IReadOnlySet<string> known, CancellationToken cancellationToken)
    {
        foreach (var container in (await engine.ListAsync($"{LabelName}={workDirectory}", cancellationToken)).EnumerateArray())
        {
            var name = container.GetProperty("Names").EnumerateArray().Select(entry => entry.GetString()!.TrimStart('/')).FirstOrDefault(entry => entry.StartsWith("mesos-", StringComparison.Ordinal));
            if (name is not null && !known.Contains(name["mesos-".Length..]) && !_own.ContainsKey(name["mesos-".Length..]))
            {
                LogOrphan(logger, name);
                await engine.RemoveAsync(name, cancellationToken);
            }
        }
    }

    /// <inheritdoc/>
    public void Dispose() => engine.Dispose();

    /// <summary>The docker network of a group; null for the host's.</summary>
    /// <exception cref="ContainerLaunchException">It asks for more than one.</exception>
    private static string? NetworkOf(ExecutorInfo executor) => executor.Container?.NetworkInfos switch
    {
        null or { Count: 0 } => null,
        { Count: 1 } infos => infos[0].Name switch
        {
            "" or MesosBridge or "bridge" => "bridge",
            "host" => null,
            var name when name.Contains(':', StringComparison.Ordinal) => throw new ContainerLaunchException($"'executor.container.network_infos[0].name' is '{name}': name a docker network"),
            var name => name,
        },
        _ => throw new ContainerLaunchException("'executor.container.network_infos' has more than one network; a task group joins one"),
    };

    /// <summary>Clients know containers by this name.</summary>
    private static string NameOf(string containerId) => "mesos-" + containerId;

    private async Task<GroupNetwork?> FindRunningAsync(string containerId, CancellationToken cancellationToken)
    {
        var name = NameOf(containerId);
        return await engine.InspectAsync(name, cancellationToken) is { } json && new Inspection(json) is { IsRunning: true, Pid: { } pid } holder
            ? new GroupNetwork(name, holder.ToRunning().IpAddresses is [var address, ..] ? address : "", pid)
            : null;
    }

    private async Task<GroupNetwork> CreateAsync(GroupPlan group, string network, CancellationToken cancellationToken)
    {
        var name = NameOf(group.ContainerId);
        var body = Body(group.Executor, network);
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                // One that is there but does not run was left by a start that failed.
                await engine.RemoveAsync(name, cancellationToken);
                await engine.CreateAsync(name, body, cancellationToken);
                break;
            }
            catch (DockerException e) when (attempt == 1 && e.IsNotFound && e.Message.Contains("No such image", StringComparison.OrdinalIgnoreCase))
            {
                await engine.ImportAsync(Repository, Tag, ImageArchive(), ["CMD [\"/pause\"]"], cancellationToken);
            }
        }

        try
        {
            await engine.StartAsync(name, cancellationToken);
        }
        catch (DockerException)
        {
            await engine.RemoveAsync(name, CancellationToken.None);
            throw;
        }

        return await FindRunningAsync(group.ContainerId, cancellationToken) ?? throw new ContainerLaunchException($"The container {name} that holds the network of the task group ended right after its start");
    }

    private JsonObject Body(ExecutorInfo executor, string network)
    {
        var run = new RunOptions();
        run.Config["Image"] = $"{Repository}:{Tag}";
        run.Host["NetworkMode"] = network;
        run.Host["ReadonlyRootfs"] = true;
        run.Host["LogConfig"] = new JsonObject { ["Type"] = "none" };
        run.Host["CapDrop"] = new JsonArray("ALL");
        foreach (var mapping in executor.Container.NetworkInfos[0].PortMappings)
        {
            foreach (var protocol in (mapping.Protocol.Length > 0 ? mapping.Protocol : "tcp").ToLowerInvariant().Split(','))
            {
                var port = string.Create(CultureInfo.InvariantCulture, $"{mapping.ContainerPort}/{protocol}");
                RunOptions.Map(run.Config, "ExposedPorts")[port] = new JsonObject();
                RunOptions.List(RunOptions.Map(run.Host, "PortBindings"), port).Add(new JsonObject { ["HostPort"] = mapping.HostPort.ToString(CultureInfo.InvariantCulture) });
            }
        }

        RunOptions.Map(run.Config, "Labels")[LabelName] = workDirectory;
        return run.ToBody(network);
    }

    /// <summary>A file system that holds the program and nothing else.</summary>
    private static byte[] ImageArchive()
    {
        var program = PauseProgram.For(RuntimeInformation.ProcessArchitecture)
            ?? throw new ContainerLaunchException($"Task groups with a network of their own need an x86-64 or ARM64 machine; this one is {RuntimeInformation.ProcessArchitecture}. Let the group use the host's network");
        using var archive = new MemoryStream();
        using (var tar = new TarWriter(archive, TarEntryFormat.Ustar, leaveOpen: true))
        {
            tar.WriteEntry(new UstarTarEntry(TarEntryType.RegularFile, "pause")
            {
                Mode = UnixFileMode.UserRead | UnixFileMode.UserExecute | UnixFileMode.GroupRead | UnixFileMode.GroupExecute | UnixFileMode.OtherRead | UnixFileMode.OtherExecute,
                ModificationTime = DateTimeOffset.UnixEpoch,
                DataStream = new MemoryStream(program),
            });
        }

        return archive.ToArray();
    }

    [LoggerMessage(Level = LogLevel.Warning, Message = "Container {Name} holds the network of no task group of this agent; it is removed")]
    private static partial void LogOrphan(ILogger logger, string name);
}
