using System.Text.Json;
using Google.Protobuf;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Api.Operator.Json;

/// <summary>
/// The bodies of v1 operator answers as JSON. The lists of agents, frameworks, executors and tasks are written also when
/// they are empty, as clients expect, which the mapping of messages alone would not do.
/// </summary>
internal static class CallDocuments
{
    internal static void WriteState(Utf8JsonWriter writer, ClusterSnapshot snapshot)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("get_tasks"u8);
        WriteTasks(writer, snapshot);
        writer.WritePropertyName("get_executors"u8);
        WriteExecutors(writer, snapshot);
        writer.WritePropertyName("get_frameworks"u8);
        WriteFrameworks(writer, snapshot);
        writer.WritePropertyName("get_agents"u8);
        WriteAgents(writer, snapshot);
        writer.WriteEndObject();
    }

    internal static void WriteAgents(Utf8JsonWriter writer, ClusterSnapshot snapshot)
    {
        writer.WriteStartObject();
        WriteList(writer, "agents"u8, Present(snapshot.Agents), CallMessages.Agent);
        WriteList(writer, "recovered_agents"u8, snapshot.RecoveredAgents, CallMessages.Recovered);
        writer.WriteEndObject();
    }

    internal static void WriteFrameworks(Utf8JsonWriter writer, ClusterSnapshot snapshot)
    {
        var hostnames = new Dictionary<AgentId, string>();
        foreach (var agent in Present(snapshot.Agents))
        {
            hostnames[agent.Id] = agent.Info.Hostname;
        }

        writer.WriteStartObject();
        WriteList(writer, "frameworks"u8, Present(snapshot.Frameworks), view => CallMessages.Framework(view, hostnames));
        WriteList(writer, "completed_frameworks"u8, snapshot.CompletedFrameworks, view => CallMessages.Framework(view, hostnames));
        writer.WriteEndObject();
    }

    internal static void WriteOperations(Utf8JsonWriter writer, ClusterSnapshot snapshot)
    {
        writer.WriteStartObject();
        WriteList(writer, "operations"u8, snapshot.Operations, operation => operation);
        writer.WriteEndObject();
    }

    internal static void WriteExecutors(Utf8JsonWriter writer, ClusterSnapshot snapshot)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("executors"u8);
        foreach (var framework in Present(snapshot.Frameworks))
        {
            foreach (var executor in framework.Executors)
            {
                writer.WriteStartObject();
                writer.WritePropertyName("executor_info"u8);
                MesosJson.WriteWithoutSecrets(writer, executor.Info);
                writer.WriteStartObject("agent_id"u8);
                writer.WriteString("value"u8, executor.AgentId.Value);
                writer.WriteEndObject();
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    internal static void WriteTasks(Utf8JsonWriter writer, ClusterSnapshot snapshot)
    {
        var unreachable = new List<TaskView>();
        var completed = new List<TaskView>();
        foreach (var framework in Present(snapshot.Frameworks))
        {
            unreachable.AddRange(framework.UnreachableTasks);
            completed.AddRange(framework.CompletedTasks);
        }

        foreach (var framework in snapshot.CompletedFrameworks)
        {
            completed.AddRange(framework.CompletedTasks);
        }

        writer.WriteStartObject();
        WriteList(writer, "tasks"u8, Present(snapshot.Tasks), CallMessages.Task);
        WriteList(writer, "unreachable_tasks"u8, unreachable, CallMessages.Task);
        WriteList(writer, "completed_tasks"u8, completed, CallMessages.Task);
        writer.WriteEndObject();
    }

    internal static void WriteRoles(Utf8JsonWriter writer, ClusterSnapshot snapshot)
    {
        writer.WriteStartObject();
        if (snapshot.Roles.Count > 0)
        {
            WriteList(writer, "roles"u8, snapshot.Roles, CallMessages.Role);
        }

        writer.WriteEndObject();
    }

    internal static void WriteMaster(Utf8JsonWriter writer, ClusterSnapshot snapshot)
    {
        writer.WriteStartObject();
        writer.WritePropertyName("master_info"u8);
        MesosJson.Write(writer, CallMessages.Master(snapshot.Master));
        TimeJson.Write(writer, "start_time"u8, snapshot.Master.StartedAt);
        TimeJson.Write(writer, "elected_time"u8, snapshot.Master.ElectedAt);
        writer.WriteEndObject();
    }

    private static List<T> Present<T>(PagedVector<T?> slots)
        where T : class
    {
        var present = new List<T>(slots.Count);
        for (var i = 0; i < slots.Count; i++)
        {
            if (slots[i] is { } one)
            {
                present.Add(one);
            }
        }

        return present;
    }

    private static void WriteList<T>(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IReadOnlyList<T> views, Func<T, IMessage> message)
    {
        writer.WriteStartArray(name);
        foreach (var view in views)
        {
            MesosJson.WriteWithoutSecrets(writer, message(view));
        }

        writer.WriteEndArray();
    }
}
