using Orchestrator.Core.Contract.Mesos;

namespace Orchestrator.Core.Agent;

/// <summary>What an agent is and how it behaves; fixed for one run.</summary>
public sealed record AgentOptions
{
    /// <summary>Host name, port, resources and attributes, without an id: the master or the checkpoint gives that.</summary>
    public required AgentInfo Info { get; init; }

    /// <summary>Absolute path, without a slash at its end, below which sandboxes lie.</summary>
    public required string WorkDirectory { get; init; }

    /// <summary>The address that tasks on the host's network are reached at.</summary>
    public required string IpAddress { get; init; }

    /// <summary>Three numbers, for example <c>1.11.0</c>.</summary>
    public string Version { get; init; } = "1.11.0";

    /// <summary>Text that changes with every boot of the machine; empty when it is not known.</summary>
    public string BootId { get; init; } = "";

    /// <summary>Whether tasks run as the user that they or their framework name.</summary>
    public bool SwitchUser { get; init; } = true;

    /// <summary>From SIGTERM to SIGKILL when neither the kill nor the task says it.</summary>
    public TimeSpan DefaultGracePeriod { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>The same for Docker containers (<c>--docker_stop_timeout</c>).</summary>
    public TimeSpan DockerGracePeriod { get; init; } = TimeSpan.FromSeconds(3);

    /// <summary>How long after its container runs an executor may take to subscribe.</summary>
    public TimeSpan ExecutorRegistrationTimeout { get; init; } = TimeSpan.FromMinutes(1);

    /// <summary>How long after a restart of the agent an executor may take to subscribe again.</summary>
    public TimeSpan ExecutorReregistrationTimeout { get; init; } = TimeSpan.FromSeconds(2);

    /// <summary>From SHUTDOWN to the end of the container when the executor does not say it.</summary>
    public TimeSpan ExecutorGracePeriod { get; init; } = TimeSpan.FromSeconds(5);

    /// <summary>Launches under way at a time; further tasks wait.</summary>
    public int MaxConcurrentLaunches { get; init; } = 32;

    /// <summary>Ended tasks that <c>/state</c> remembers for each framework.</summary>
    public int MaxCompletedTasksPerFramework { get; init; } = 150;
}
