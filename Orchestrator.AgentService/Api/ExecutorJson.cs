using System.Globalization;
using System.Text.Json;
using Orchestrator.Core.Agent;
using Orchestrator.Core.Agent.Executors;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Resources;

namespace Orchestrator.AgentService.Api;

/// <summary>
/// Writes executors with their tasks for <c>/state</c>. A task without an executor of its framework has one of its own in
/// this list, as the reference has it.
/// </summary>
internal static class ExecutorJson
{
    private const int MaxCommandInName = 12;

    internal static void Write(Utf8JsonWriter writer, string name, IReadOnlyList<AgentTaskView> tasks, IReadOnlyList<AgentExecutorView> executors)
    {
        writer.WriteStartArray(name);
        foreach (var task in tasks.Where(task => !task.Location.InExecutor))
        {
            writer.WriteStartObject();
            writer.WriteString("id", task.Location.ExecutorId);
            writer.WriteString("name", NameOf(task));
            writer.WriteString("source", task.Location.TaskId);
            writer.WriteString("container", task.Location.ContainerId);
            writer.WriteString("directory", task.SandboxDirectory);
            ResourceJson.WriteSummary(writer, "resources", ResourceList.FromProto(task.Info.Resources));
            writer.WriteString("role", RoleOf(task.Info.Resources));
            WriteLabels(writer, task.Info.Labels);
            WriteTasks(writer, [task], []);
            writer.WriteEndObject();
        }

        var byContainer = tasks.Where(task => task.Location.InExecutor).ToLookup(task => task.Location.ContainerId);
        foreach (var executor in executors)
        {
            Write(writer, executor, [.. byContainer[executor.Location.ContainerId]]);
        }

        writer.WriteEndArray();
    }

    /// <summary><c>Command Executor (Task: t) (Command: sh -c 'echo hello; ...')</c>.</summary>
    internal static string NameOf(AgentTaskView task)
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

    private static void Write(Utf8JsonWriter writer, AgentExecutorView executor, IReadOnlyList<AgentTaskView> tasks)
    {
        var info = executor.Info;
        var resources = ResourceList.FromProto(info.Resources);
        foreach (var task in tasks.Where(task => task.Phase != TaskPhase.Ended))
        {
            resources += ResourceList.FromProto(task.Info.Resources);
        }

        writer.WriteStartObject();
        writer.WriteString("id", executor.Location.ExecutorId);
        writer.WriteString("name", info.Name);
#pragma warning disable CS0612 // Old, but frameworks send it and clients read it.
        writer.WriteString("source", info.Source);
#pragma warning restore CS0612
        writer.WriteString("container", executor.Location.ContainerId);
        writer.WriteString("directory", executor.SandboxDirectory);
        ResourceJson.WriteSummary(writer, "resources", resources);
        writer.WriteString("role", RoleOf(info.Resources.Concat(tasks.SelectMany(task => task.Info.Resources))));
        WriteLabels(writer, info.Labels);
        if (info.HasType)
        {
            writer.WriteString("type", info.Type.ToString().ToUpperInvariant());
        }

        WriteTasks(writer, tasks, executor.Completed);
        writer.WriteEndObject();
    }

    private static void WriteTasks(Utf8JsonWriter writer, IReadOnlyList<AgentTaskView> tasks, IReadOnlyList<AgentTaskView> completed)
    {
        WriteTasks(writer, "tasks", tasks.Where(task => task.Phase is not (TaskPhase.Queued or TaskPhase.Ended)));
        writer.WriteStartArray("queued_tasks");
        foreach (var task in tasks.Where(task => task.Phase == TaskPhase.Queued))
        {
            writer.WriteStartObject();
            writer.WriteString("id", task.Location.TaskId);
            writer.WriteString("name", task.Info.Name);
            writer.WriteString("slave_id", task.Location.AgentId);
            ResourceJson.WriteSummary(writer, "resources", ResourceList.FromProto(task.Info.Resources));
            writer.WriteString("role", RoleOf(task.Info.Resources));
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        WriteTasks(writer, "completed_tasks", completed.Concat(tasks.Where(task => task.Phase == TaskPhase.Ended)));
    }

    private static void WriteTasks(Utf8JsonWriter writer, string name, IEnumerable<AgentTaskView> tasks)
    {
        writer.WriteStartArray(name);
        foreach (var task in tasks)
        {
            writer.WriteStartObject();
            writer.WriteString("id", task.Location.TaskId);
            writer.WriteString("name", task.Info.Name);
            writer.WriteString("framework_id", task.Location.FrameworkId);
            writer.WriteString("executor_id", task.Location.InExecutor ? task.Location.ExecutorId : "");
            writer.WriteString("slave_id", task.Location.AgentId);
            writer.WriteString("state", StateName(task.State));
            ResourceJson.WriteSummary(writer, "resources", ResourceList.FromProto(task.Info.Resources));
            writer.WriteString("role", RoleOf(task.Info.Resources));
            writer.WriteStartArray("statuses");
            foreach (var status in task.Statuses)
            {
                WriteStatus(writer, status);
            }

            writer.WriteEndArray();
            WriteLabels(writer, task.Info.Labels);
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
        writer.WritePropertyName("timestamp");
        MesosJson.WriteNumber(writer, status.Timestamp);
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

    private static void WriteLabels(Utf8JsonWriter writer, Labels? labels)
    {
        if (labels is not { Labels_.Count: > 0 })
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

    private static string RoleOf(IEnumerable<Resource> resources) => resources.Select(resource => resource.AllocationInfo?.Role).FirstOrDefault(role => !string.IsNullOrEmpty(role)) ?? "*";

    /// <summary><c>TASK_RUNNING</c> and so on.</summary>
    private static string StateName(TaskState state) => "TASK_" + string.Concat(state.ToString()["Task".Length..].Select((c, i) => i > 0 && char.IsUpper(c) ? "_" + c : char.ToUpper(c, CultureInfo.InvariantCulture).ToString()));
}
