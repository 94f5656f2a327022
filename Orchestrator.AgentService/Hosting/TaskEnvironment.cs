using Orchestrator.AgentService.Execution;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Runtime.Flags;

namespace Orchestrator.AgentService.Hosting;

/// <summary>
/// The environment of a task. A command gets the agent's base set (<c>--executor_environment_variables</c> and PATH), Mesos'
/// own variables and then the task's, later ones winning; a container gets the task's and then Mesos' few.
/// Source: the reference's executors.
/// </summary>
internal sealed class TaskEnvironment(AgentFlags flags, string ipAddress)
{
    private const string DefaultPath = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin";

    /// <exception cref="ContainerLaunchException">A variable asks for a secret that this agent cannot resolve.</exception>
    internal Dictionary<string, string> Build(TaskLaunch launch, int port)
    {
        var environment = new Dictionary<string, string>(StringComparer.Ordinal);
        var docker = launch.Task.Container is { HasType: true, Type: ContainerInfo.Types.Type.Docker };
        if (!docker || launch.IsExecutor)
        {
            AddBase(environment, launch, port);
        }

        AddOwn(environment, launch.Task.Command?.Environment);
        if (docker)
        {
            environment["MESOS_SANDBOX"] = flags.Values.Get("sandbox_directory")!;
            environment["MESOS_CONTAINER_NAME"] = "mesos-" + launch.Location.ContainerId;
        }

        if (launch.ExecutorSandbox is not null)
        {
            environment["MESOS_CONTAINER_IP"] = ipAddress;
        }

        if (launch.Task.Resources.Select(resource => resource.AllocationInfo?.Role).FirstOrDefault(role => !string.IsNullOrEmpty(role)) is { } role)
        {
            environment["MESOS_ALLOCATION_ROLE"] = role;
        }

        return environment;
    }

    private void AddBase(Dictionary<string, string> environment, TaskLaunch launch, int port)
    {
        foreach (var (name, value) in flags.ExecutorEnvironment)
        {
            environment[name] = value;
        }

        environment.TryAdd("PATH", DefaultPath);
        environment["MESOS_FRAMEWORK_ID"] = launch.Location.FrameworkId;
        environment["MESOS_EXECUTOR_ID"] = launch.Location.ExecutorId;
        environment["MESOS_SLAVE_ID"] = launch.Location.AgentId;
        environment["MESOS_SLAVE_PID"] = $"slave(1)@{ipAddress}:{port}";
        environment["MESOS_AGENT_ENDPOINT"] = $"{ipAddress}:{port}";
        environment["MESOS_DIRECTORY"] = launch.SandboxDirectory;
        environment["MESOS_SANDBOX"] = launch.SandboxDirectory;
        environment["MESOS_CHECKPOINT"] = launch.Framework.Checkpoint ? "1" : "0";
        if (launch.Framework.Checkpoint)
        {
            environment["MESOS_RECOVERY_TIMEOUT"] = flags.Values.Get("recovery_timeout")!;
            environment["MESOS_SUBSCRIPTION_BACKOFF_MAX"] = flags.Values.Get("executor_reregistration_timeout")!;
        }

        // A plain task is told the default, as the reference does, though nothing here depends on it.
        environment["MESOS_EXECUTOR_SHUTDOWN_GRACE_PERIOD"] = launch.IsExecutor ? DurationText.Write(launch.GracePeriod) : flags.Values.Get("executor_shutdown_grace_period")!;
        environment["MESOS_HTTP_COMMAND_EXECUTOR"] = "0";
        environment["LIBPROCESS_PORT"] = "0";
    }

    private static void AddOwn(Dictionary<string, string> environment, Core.Contract.Mesos.Environment? own)
    {
        foreach (var variable in own?.Variables ?? [])
        {
            environment[variable.Name] = variable.Type switch
            {
                Core.Contract.Mesos.Environment.Types.Variable.Types.Type.Secret => variable.Secret?.Value?.Data.ToStringUtf8()
                    ?? throw new ContainerLaunchException($"Environment variable '{variable.Name}' refers to a secret by name, which this agent cannot look up: give it as a secret of type VALUE"),
                _ => variable.Value,
            };
        }
    }
}
