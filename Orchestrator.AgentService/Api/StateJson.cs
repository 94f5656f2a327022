using System.Text.Json;
using Orchestrator.AgentService.Hosting;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Agent.Executors;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Resources;

namespace Orchestrator.AgentService.Api;

/// <summary>Writes <c>/state</c>, <c>/containers</c> and <c>/monitor/statistics</c>. Source: Mesos' agent endpoints.</summary>
internal static class StateJson
{
    internal static void WriteState(Utf8JsonWriter writer, AgentRuntime agent)
    {
        var snapshot = agent.Loop.Current;
        var info = agent.Options.Info;
        var resources = ResourceList.FromProto(info.Resources);
        var allocated = ResourceJson.Used(snapshot);
        writer.WriteStartObject();
        writer.WriteString("version", agent.Options.Version);
        WriteNumber(writer, "start_time", agent.StartTime);
        writer.WriteString("id", snapshot.AgentId);
        writer.WriteString("pid", $"slave(1)@{agent.Options.IpAddress}:{info.Port}");
        writer.WriteString("hostname", info.Hostname);
        writer.WriteStartArray("capabilities");
        foreach (var capability in new[] { "MULTI_ROLE", "HIERARCHICAL_ROLE", "RESERVATION_REFINEMENT", "TASK_RESOURCE_LIMITS" })
        {
            writer.WriteStringValue(capability);
        }

        writer.WriteEndArray();
        ResourceJson.WriteSummary(writer, "resources", resources);
        WriteByRole(writer, "reserved_resources", resources);
        ResourceJson.WriteSummary(writer, "unreserved_resources", resources.Unreserved());
        writer.WriteStartObject("reserved_resources_full");
        foreach (var (role, reserved) in resources.ReservedByRole())
        {
            writer.WritePropertyName(role);
            ResourceJson.WriteFull(writer, reserved);
        }

        writer.WriteEndObject();
        writer.WritePropertyName("unreserved_resources_full");
        ResourceJson.WriteFull(writer, resources.Unreserved());
        WriteByRole(writer, "reserved_resources_allocated", allocated);
        ResourceJson.WriteSummary(writer, "unreserved_resources_allocated", allocated.Unreserved());
        writer.WriteStartArray("resource_providers");
        writer.WriteEndArray();
        ResourceJson.WriteAttributes(writer, info.Attributes);
        if (agent.Link.Master is { } master)
        {
            writer.WriteString("master_hostname", master.Host);
        }

        WriteFlags(writer, agent.Flags);
        WriteFrameworks(writer, "frameworks", snapshot.Frameworks);
        WriteFrameworks(writer, "completed_frameworks", snapshot.CompletedFrameworks);
        writer.WriteEndObject();
    }

    internal static void WriteFlags(Utf8JsonWriter writer, AgentFlags flags)
    {
        writer.WriteStartObject("flags");
        foreach (var (name, value) in flags.Values.Shown)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
    }

    /// <summary>Containers that run, optionally one of them; with status for <c>/containers</c>, without for <c>/monitor/statistics</c>.</summary>
    internal static void WriteContainers(Utf8JsonWriter writer, AgentRuntime agent, string? containerId, bool withStatus)
    {
        writer.WriteStartArray();
        foreach (var executor in agent.Loop.Current.Executors)
        {
            if (executor.Phase is ExecutorPhase.Queued or ExecutorPhase.Ended || (containerId is not null && executor.Location.ContainerId != containerId))
            {
                continue;
            }

            WriteContainer(writer, agent, executor, withStatus);
        }

        foreach (var task in agent.Loop.Current.Tasks)
        {
            if (task.Location.InExecutor || task.Phase is TaskPhase.Ended or TaskPhase.Queued || (containerId is not null && task.Location.ContainerId != containerId))
            {
                continue;
            }

            writer.WriteStartObject();
            if (withStatus)
            {
                writer.WriteString("container_id", task.Location.ContainerId);
            }

            writer.WriteString("executor_id", task.Location.ExecutorId);
            writer.WriteString("executor_name", ExecutorJson.NameOf(task));
            writer.WriteString("framework_id", task.Location.FrameworkId);
            writer.WriteString("source", task.Location.TaskId);
            if (agent.Usage.Of(task.Location.ContainerId) is { } statistics)
            {
                writer.WritePropertyName("statistics");
                MesosJson.Write(writer, statistics);
            }

            if (withStatus && task.Statuses is [.., { ContainerStatus: { } status }])
            {
                writer.WritePropertyName("status");
                MesosJson.Write(writer, status);
            }

            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteContainer(Utf8JsonWriter writer, AgentRuntime agent, AgentExecutorView executor, bool withStatus)
    {
        writer.WriteStartObject();
        if (withStatus)
        {
            writer.WriteString("container_id", executor.Location.ContainerId);
        }

        writer.WriteString("executor_id", executor.Location.ExecutorId);
        writer.WriteString("executor_name", executor.Info.Name);
        writer.WriteString("framework_id", executor.Location.FrameworkId);
#pragma warning disable CS0612 // Old, but frameworks send it and clients read it.
        writer.WriteString("source", executor.Info.Source);
#pragma warning restore CS0612
        if (agent.Usage.Of(executor.Location.ContainerId) is { } statistics)
        {
            writer.WritePropertyName("statistics");
            MesosJson.Write(writer, statistics);
        }

        if (withStatus)
        {
            writer.WritePropertyName("status");
            var status = new ContainerStatus { ContainerId = new ContainerID { Value = executor.Location.ContainerId } };
            if (executor.Pid is { } pid)
            {
                status.ExecutorPid = (uint)pid;
            }

            MesosJson.Write(writer, status);
        }

        writer.WriteEndObject();
    }

    private static void WriteFrameworks(Utf8JsonWriter writer, string name, IReadOnlyList<AgentFrameworkView> frameworks)
    {
        writer.WriteStartArray(name);
        foreach (var framework in frameworks)
        {
            var info = framework.Info;
            writer.WriteStartObject();
            writer.WriteString("id", info.Id.Value);
            writer.WriteString("name", info.Name);
            writer.WriteString("user", info.User);
            WriteNumber(writer, "failover_timeout", info.FailoverTimeout);
            writer.WriteBoolean("checkpoint", info.Checkpoint);
            writer.WriteString("hostname", info.Hostname);
            if (info.HasPrincipal)
            {
                writer.WriteString("principal", info.Principal);
            }

            if (info.Capabilities.Any(capability => capability.Type == FrameworkInfo.Types.Capability.Types.Type.MultiRole))
            {
                writer.WriteStartArray("roles");
                foreach (var role in info.Roles)
                {
                    writer.WriteStringValue(role);
                }

                writer.WriteEndArray();
            }
            else
            {
#pragma warning disable CS0612 // The old field is what old frameworks send and old clients read.
                writer.WriteString("role", info.Role);
#pragma warning restore CS0612
            }

            ExecutorJson.Write(writer, "executors", framework.Tasks, framework.Executors);
            ExecutorJson.Write(writer, "completed_executors", framework.Completed, framework.CompletedExecutors);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteByRole(Utf8JsonWriter writer, string name, ResourceList resources)
    {
        writer.WriteStartObject(name);
        foreach (var (role, reserved) in resources.ReservedByRole())
        {
            ResourceJson.WriteSummary(writer, role, reserved);
        }

        writer.WriteEndObject();
    }

    private static void WriteNumber(Utf8JsonWriter writer, string name, double value)
    {
        writer.WritePropertyName(name);
        MesosJson.WriteNumber(writer, value);
    }
}
