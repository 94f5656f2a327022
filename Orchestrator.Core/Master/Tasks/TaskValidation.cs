using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Master.Agents;
using Orchestrator.Core.Master.Frameworks;
using Orchestrator.Core.Master.Offers;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Resources;
using Environment = Orchestrator.Core.Contract.Mesos.Environment;

namespace Orchestrator.Core.Master.Tasks;

/// <summary>
/// Whether a task may be launched on what its offers hold. Checks in Mesos' order; the first failure is the answer, and it
/// names the field.
/// </summary>
internal static class TaskValidation
{
    /// <summary>The first problem of a plain task; null when there is none.</summary>
    /// <param name="info">The task as it was sent.</param>
    /// <param name="framework">Who launches it.</param>
    /// <param name="offer">The offer that it is launched on, which says the agent and the role.</param>
    /// <param name="offered">What operations before it left of the offers.</param>
    public static string? Check(TaskInfo info, FrameworkState framework, OfferState offer, ResourceList offered)
    {
        var agent = offer.Agent;
        var problem = CheckTask(info, framework, offer);
        if (problem is not null)
        {
            return problem;
        }

        if ((info.Command is null) == (info.Executor is null))
        {
            return "Task should have at least one (but not both) of CommandInfo or ExecutorInfo present";
        }

        problem = info.Executor is { } executor ? CheckExecutor(executor, framework, agent) : null;
        if (problem is not null)
        {
            return problem;
        }

        if (info.Executor is { HasType: true, Type: ExecutorInfo.Types.Type.Default })
        {
            return "'TaskInfo.executor' of type DEFAULT needs LAUNCH_GROUP";
        }

        if (info.Container?.LinuxInfo is { HasShareCgroups: true, ShareCgroups: false })
        {
            return "'TaskInfo.container.linux_info.share_cgroups' must not be false for a task without a group";
        }

        return CheckFits([info], info.Executor, framework, offer, offered);
    }

    /// <summary>What concerns the task itself, wherever it runs.</summary>
    public static string? CheckTask(TaskInfo info, FrameworkState framework, OfferState offer) =>
        CheckTaskId(info.TaskId.Value)
        ?? (framework.Tasks.ContainsKey(new TaskId(info.TaskId.Value)) || framework.Unreachable.ContainsKey(new TaskId(info.TaskId.Value))
            ? $"Task has duplicate ID: {info.TaskId.Value}" : null)
        ?? (info.AgentId.Value != offer.Agent.Id.Value ? $"Task uses invalid agent {info.AgentId.Value} while agent {offer.Agent.Id.Value} is expected" : null)
        ?? (info.KillPolicy?.GracePeriod is { Nanoseconds: < 0 } ? "Task's 'kill_policy.grace_period' must be non-negative" : null)
        ?? (info.MaxCompletionTime is { Nanoseconds: < 0 } ? "Task's 'max_completion_time' must be non-negative" : null)
        ?? CheckChecks(info)
        ?? TaskResourceValidation.CheckResources(info.Resources, offer.Role)
        ?? CheckEnvironment("command", info.Command?.Environment)
        ?? CheckContainer(info.Container)
        ?? TaskResourceValidation.CheckLimits(info, offer.Agent);

    /// <summary>An executor that is new on the agent, or the same as the one that is there.</summary>
    public static string? CheckExecutor(ExecutorInfo executor, FrameworkState framework, AgentState agent)
    {
        if (FrameworkValidation.CheckId("'ExecutorInfo.executor_id'", executor.ExecutorId.Value) is { } bad)
        {
            return bad;
        }

        if (executor.FrameworkId is { Value.Length: > 0 } id && id.Value != framework.Id.Value)
        {
            return $"ExecutorInfo has an invalid FrameworkID (Actual: {id.Value} vs Expected: {framework.Id.Value})";
        }

        if (executor is { HasType: true, Type: ExecutorInfo.Types.Type.Default } && (executor.Command is not null || executor.Container?.Docker is not null))
        {
            return "'ExecutorInfo.command' and a docker container must not be set for the DEFAULT executor";
        }

        if (executor is not { HasType: true, Type: ExecutorInfo.Types.Type.Default } && executor.Command is null)
        {
            return "'ExecutorInfo.command' must be set for a CUSTOM executor";
        }

        if (executor.ShutdownGracePeriod is { Nanoseconds: < 0 })
        {
            return "ExecutorInfo's 'shutdown_grace_period' must be non-negative";
        }

        if (!agent.Executors.TryGetValue((framework.Id, new ExecutorId(executor.ExecutorId.Value)), out var running))
        {
            return null;
        }

        var asked = executor.Clone();
        asked.FrameworkId = running.Info.FrameworkId;
        return asked.Equals(running.Info) ? null : $"ExecutorInfo is not compatible with the existing executor '{executor.ExecutorId.Value}' on the agent";
    }

    /// <summary>Whether the offers hold what the tasks and, if it is new, their executor need.</summary>
    public static string? CheckFits(IEnumerable<TaskInfo> infos, ExecutorInfo? executor, FrameworkState framework, OfferState offer, ResourceList offered)
    {
        var used = ResourceList.Empty;
        foreach (var info in infos)
        {
            used += ResourceList.FromProto(info.Resources);
        }

        if (executor is not null && !offer.Agent.Executors.ContainsKey((framework.Id, new ExecutorId(executor.ExecutorId.Value))))
        {
            try
            {
                used += ResourceList.FromProto(executor.Resources);
            }
            catch (ResourceException error)
            {
                return $"Executor resources: {error.Message}";
            }
        }

        return offered.Contains(used) ? null : $"Total resources {used.ToText(offer.Role)} required by task and its executor is more than available {offered.ToText(offer.Role)}";
    }

    private static string? CheckTaskId(string id) => id switch
    {
        "" => "'TaskInfo.task_id' must not be empty",
        "." or ".." => $"'{id}' is disallowed",
        { Length: > 255 } => $"'TaskInfo.task_id' has {id.Length} characters, more than 255",
        _ => id.Any(letter => char.IsControl(letter) || letter is '/' or '\\') ? $"'{id}' contains invalid characters" : null,
    };

    private static string? CheckChecks(TaskInfo info)
    {
        if (info.Check is { } check)
        {
            var problem = !check.HasType ? "'CheckInfo.type' must be set"
                : check.Type == CheckInfo.Types.Type.Command && check.Command?.Command_ is null ? "'CheckInfo.command' must be set for a COMMAND check"
                : check.Type == CheckInfo.Types.Type.Http && check.Http is null ? "'CheckInfo.http' must be set for an HTTP check"
                : check.Type == CheckInfo.Types.Type.Tcp && check.Tcp is null ? "'CheckInfo.tcp' must be set for a TCP check"
                : check.Http is { HasPath: true, Path: var path } && !path.StartsWith('/') ? $"The path '{path}' of 'CheckInfo.http' must begin with '/'"
                : check.DelaySeconds < 0 || check.IntervalSeconds < 0 || check.TimeoutSeconds < 0 ? "The delay, interval and timeout of 'CheckInfo' must be non-negative" : null;
            if (problem is not null)
            {
                return problem;
            }
        }

        return info.HealthCheck is { } health ? CheckHealth(health) : null;
    }

    private static string? CheckHealth(HealthCheck health)
    {
        var kinds = (health.Command is null ? 0 : 1) + (health.Http is null ? 0 : 1) + (health.Tcp is null ? 0 : 1);
        if (kinds != 1)
        {
            return "'HealthCheck' must have exactly one of command, http and tcp";
        }

        if (health.Http is { HasScheme: true, Scheme: var scheme } && scheme is not ("http" or "https"))
        {
            return $"'HealthCheck.http.scheme' is '{scheme}'; it must be http or https";
        }

        if (health.Http is { HasPath: true, Path: var path } && !path.StartsWith('/'))
        {
            return $"The path '{path}' of 'HealthCheck.http' must begin with '/'";
        }

        if (health.DelaySeconds < 0 || health.IntervalSeconds < 0 || health.TimeoutSeconds < 0 || health.GracePeriodSeconds < 0)
        {
            return "The delay, interval, timeout and grace period of 'HealthCheck' must be non-negative";
        }

        return CheckEnvironment("HealthCheck.command", health.Command?.Environment);
    }

    private static string? CheckEnvironment(string where, Environment? environment)
    {
        foreach (var variable in environment?.Variables ?? [])
        {
            var problem = variable.Type switch
            {
                Environment.Types.Variable.Types.Type.Value when variable.Secret is not null => "of type VALUE must not have a secret",
                Environment.Types.Variable.Types.Type.Value when !variable.HasValue => "of type VALUE must have a value set",
                Environment.Types.Variable.Types.Type.Secret when variable.Secret is null => "of type SECRET must have a secret set",
                Environment.Types.Variable.Types.Type.Secret when variable.HasValue => "of type SECRET must not have a value",
                Environment.Types.Variable.Types.Type.Unknown => "has an unknown type",
                _ => null,
            };
            if (problem is not null)
            {
                return $"Environment variable '{variable.Name}' of '{where}' {problem}";
            }
        }

        return null;
    }

    private static string? CheckContainer(ContainerInfo? container)
    {
        if (container is null)
        {
            return null;
        }

        if (container is { Type: ContainerInfo.Types.Type.Docker, Docker: null })
        {
            return "'ContainerInfo.docker' must be set for a container of type DOCKER";
        }

        if (container.Docker?.Parameters.Any(parameter => parameter.Key == "name") == true)
        {
            return "Parameter in DockerInfo must not be 'name'; the agent names the container";
        }

        foreach (var volume in container.Volumes)
        {
            var sources = (volume.HasHostPath ? 1 : 0) + (volume.Image is null ? 0 : 1) + (volume.Source is null ? 0 : 1);
            if (sources != 1)
            {
                return $"Volume '{volume.ContainerPath}' must have exactly one of host_path, image and source";
            }
        }

        return null;
    }
}
