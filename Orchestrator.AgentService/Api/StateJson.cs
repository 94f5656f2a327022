using System.Globalization;
using System.Text.Json;
using Orchestrator.AgentService.Hosting;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Resources;

namespace Orchestrator.AgentService.Api;

/// <summary>Writes <c>/state</c>, <c>/containers</c> and <c>/monitor/statistics</c>. Source: Mesos' agent endpoints.</summary>
internal static class StateJson
{
    private const int MaxCommandInName = 12;

    internal static void WriteState(Utf8JsonWriter writer, AgentRuntime agent)
    {
        var snapshot = agent.Loop.Current;
        var info = agent.Options.Info;
        var resources = ResourceList.FromProto(info.Resources);
        var live = snapshot.Tasks.Where(task => task.Phase != TaskPhase.Ended).Select(task => task.Info).ToList();
        var allocated = ResourceJson.Sum(live);
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
        foreach (var task in agent.Loop.Current.Tasks)
        {
            if (task.Phase is TaskPhase.Ended or TaskPhase.Queued || (containerId is not null && task.Location.ContainerId != containerId))
            {
                continue;
            }

            writer.WriteStartObject();
            if (withStatus)
            {
                writer.WriteString("container_id", task.Location.ContainerId);
            }

            writer.WriteString("executor_id", task.Location.ExecutorId);
            writer.WriteString("executor_name", ExecutorName(task));
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

            WriteExecutors(writer, "executors", framework.Tasks);
            WriteExecutors(writer, "completed_executors", framework.Completed);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteExecutors(Utf8JsonWriter writer, string name, IReadOnlyList<AgentTaskView> tasks)
    {
        writer.WriteStartArray(name);
        foreach (var task in tasks)
        {
            writer.WriteStartObject();
            writer.WriteString("id", task.Location.ExecutorId);
            writer.WriteString("name", ExecutorName(task));
            writer.WriteString("source", task.Location.TaskId);
            writer.WriteString("container", task.Location.ContainerId);
            writer.WriteString("directory", task.SandboxDirectory);
            ResourceJson.WriteSummary(writer, "resources", ResourceList.FromProto(task.Info.Resources));
            writer.WriteString("role", RoleOf(task.Info));
            WriteLabels(writer, task.Info);
            WriteTasks(writer, "tasks", task, task.Phase != TaskPhase.Queued && task.Phase != TaskPhase.Ended);
            WriteQueued(writer, task);
            WriteTasks(writer, "completed_tasks", task, task.Phase == TaskPhase.Ended);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteQueued(Utf8JsonWriter writer, AgentTaskView task)
    {
        writer.WriteStartArray("queued_tasks");
        if (task.Phase == TaskPhase.Queued)
        {
            writer.WriteStartObject();
            writer.WriteString("id", task.Location.TaskId);
            writer.WriteString("name", task.Info.Name);
            writer.WriteString("slave_id", task.Location.AgentId);
            ResourceJson.WriteSummary(writer, "resources", ResourceList.FromProto(task.Info.Resources));
            writer.WriteString("role", RoleOf(task.Info));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteTasks(Utf8JsonWriter writer, string name, AgentTaskView task, bool present)
    {
        writer.WriteStartArray(name);
        if (present)
        {
            writer.WriteStartObject();
            writer.WriteString("id", task.Location.TaskId);
            writer.WriteString("name", task.Info.Name);
            writer.WriteString("framework_id", task.Location.FrameworkId);
            writer.WriteString("executor_id", "");
            writer.WriteString("slave_id", task.Location.AgentId);
            writer.WriteString("state", StateName(task.State));
            ResourceJson.WriteSummary(writer, "resources", ResourceList.FromProto(task.Info.Resources));
            writer.WriteString("role", RoleOf(task.Info));
            writer.WriteStartArray("statuses");
            foreach (var status in task.Statuses)
            {
                WriteStatus(writer, status);
            }

            writer.WriteEndArray();
            WriteLabels(writer, task.Info);
            WriteMessage(writer, "discovery", task.Info.Discovery);
            WriteMessage(writer, "container", task.Info.Container);
            WriteMessage(writer, "health_check", task.Info.HealthCheck);
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
    }

    private static void WriteStatus(Utf8JsonWriter writer, TaskStatus status)
    {
        writer.WriteStartObject();
        writer.WriteString("state", StateName(status.State));
        WriteNumber(writer, "timestamp", status.Timestamp);
        WriteMessage(writer, "container_status", status.ContainerStatus);
        if (status.HasHealthy)
        {
            writer.WriteBoolean("healthy", status.Healthy);
        }

        writer.WriteEndObject();
    }

    private static void WriteMessage(Utf8JsonWriter writer, string name, Google.Protobuf.IMessage? message)
    {
        if (message is not null)
        {
            writer.WritePropertyName(name);
            MesosJson.Write(writer, message);
        }
    }

    private static void WriteLabels(Utf8JsonWriter writer, TaskInfo task)
    {
        if (task.Labels is not { Labels_.Count: > 0 } labels)
        {
            return;
        }

        writer.WriteStartArray("labels");
        foreach (var label in labels.Labels_)
        {
            MesosJson.Write(writer, label);
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

    private static string RoleOf(TaskInfo task) => task.Resources.Select(resource => resource.AllocationInfo?.Role).FirstOrDefault(role => !string.IsNullOrEmpty(role)) ?? "*";

    /// <summary><c>TASK_RUNNING</c> and so on.</summary>
    private static string StateName(TaskState state) => "TASK_" + string.Concat(state.ToString()["Task".Length..].Select((c, i) => i > 0 && char.IsUpper(c) ? "_" + c : char.ToUpper(c, CultureInfo.InvariantCulture).ToString()));

    /// <summary><c>Command Executor (Task: t) (Command: sh -c 'echo hello; ...')</c>.</summary>
    private static string ExecutorName(AgentTaskView task)
    {
        var command = task.Info.Command;
        if (command is null || !command.HasValue)
        {
            return $"Command Executor (Task: {task.Location.TaskId}) (Command: NO COMMAND)";
        }

        var text = command.Shell ? command.Value : string.Join(", ", [command.Value, .. command.Arguments]);
        var shown = text.Length > MaxCommandInName + 3 ? text[..MaxCommandInName] + "..." : text;
        return command.Shell
            ? $"Command Executor (Task: {task.Location.TaskId}) (Command: sh -c '{shown}')"
            : $"Command Executor (Task: {task.Location.TaskId}) (Command: [{shown}])";
    }
}
