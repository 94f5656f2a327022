using System.Text.Json;
using Orchestrator.Core.Contract.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Api.Operator.Json;

/// <summary>The read-only documents, each a pure function of one snapshot. Shapes: operator API, section 3.</summary>
internal static class ClusterDocuments
{
    // What clients may rely on.
    private static readonly string[] s_capabilities = ["AGENT_UPDATE", "AGENT_DRAINING", "QUOTA_V2"];

    /// <summary><c>/state</c>: everything.</summary>
    internal static void WriteState(Utf8JsonWriter writer, ClusterSnapshot snapshot, MasterFlags flags)
    {
        writer.WriteStartObject();
        BuildInfo.Write(writer);
        WriteMaster(writer, snapshot);
        writer.WriteStartObject("flags"u8);
        foreach (var (name, value) in flags.Values)
        {
            writer.WriteString(name, value);
        }

        writer.WriteEndObject();
        WriteAgents(writer, snapshot, full: false, only: null);
        AgentJson.WriteRecovered(writer, snapshot);
        WriteFrameworkLists(writer, snapshot, only: null);
        WriteEmpty(writer, "orphan_tasks"u8);
        WriteEmpty(writer, "unregistered_frameworks"u8);
        writer.WriteEndObject();
    }

    /// <summary><c>/slaves</c>, all or the one of <paramref name="only"/>.</summary>
    internal static void WriteSlaves(Utf8JsonWriter writer, ClusterSnapshot snapshot, string? only)
    {
        writer.WriteStartObject();
        WriteAgents(writer, snapshot, full: true, only);
        AgentJson.WriteRecovered(writer, snapshot);
        writer.WriteEndObject();
    }

    /// <summary><c>/frameworks</c>, all or the one of <paramref name="only"/>.</summary>
    internal static void WriteFrameworks(Utf8JsonWriter writer, ClusterSnapshot snapshot, string? only)
    {
        writer.WriteStartObject();
        WriteFrameworkLists(writer, snapshot, only);
        WriteEmpty(writer, "unregistered_frameworks"u8);
        writer.WriteEndObject();
    }

    /// <summary><c>/roles</c>, by name.</summary>
    internal static void WriteRoles(Utf8JsonWriter writer, ClusterSnapshot snapshot)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("roles"u8);
        foreach (var role in snapshot.Roles)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, role.Name);
            writer.WritePropertyName("weight"u8);
            MesosJson.WriteNumber(writer, role.Weight);
            writer.WriteStartObject("quota"u8);
            writer.WriteString("role"u8, role.Name);
            WriteAmounts(writer, "guarantee"u8, role.Quota?.Guarantees);
            WriteAmounts(writer, "limit"u8, role.Quota?.Limits);
            ResourceJson.WriteQuantities(writer, "consumed"u8, role.Allocated.Unreserved() + role.Reserved);
            writer.WriteEndObject();
            ResourceJson.WriteQuantities(writer, "resources"u8, role.Allocated + role.Offered);
            ResourceJson.WriteQuantities(writer, "allocated"u8, role.Allocated);
            ResourceJson.WriteQuantities(writer, "offered"u8, role.Offered);
            ResourceJson.WriteQuantities(writer, "reserved"u8, role.Reserved);
            writer.WriteStartArray("frameworks"u8);
            foreach (var framework in role.Frameworks)
            {
                writer.WriteStringValue(framework);
            }

            writer.WriteEndArray();
            writer.WriteEndObject();
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteMaster(Utf8JsonWriter writer, ClusterSnapshot snapshot)
    {
        var master = snapshot.Master;
        TimeJson.Write(writer, "start_time"u8, master.StartedAt);
        TimeJson.Write(writer, "elected_time"u8, master.ElectedAt);
        writer.WriteString("id"u8, master.Id);
        writer.WriteString("pid"u8, master.Pid);
        writer.WriteString("hostname"u8, master.Hostname);
        writer.WriteStartArray("capabilities"u8);
        foreach (var capability in s_capabilities)
        {
            writer.WriteStringValue(capability);
        }

        writer.WriteEndArray();
        writer.WriteNumber("activated_slaves"u8, snapshot.Totals.ActiveAgents);
        writer.WriteNumber("deactivated_slaves"u8, snapshot.Totals.InactiveAgents);
        writer.WriteNumber("unreachable_slaves"u8, snapshot.UnreachableAgents.Count);
        writer.WriteString("leader"u8, master.Pid);
        writer.WriteStartObject("leader_info"u8);
        writer.WriteString("id"u8, master.Id);
        writer.WriteString("pid"u8, master.Pid);
        writer.WriteNumber("port"u8, master.Port);
        writer.WriteString("hostname"u8, master.Hostname);
        writer.WriteEndObject();
        if (master.Cluster is not null)
        {
            writer.WriteString("cluster"u8, master.Cluster);
        }
    }

    private static void WriteAgents(Utf8JsonWriter writer, ClusterSnapshot snapshot, bool full, string? only)
    {
        writer.WriteStartArray("slaves"u8);
        for (var i = 0; i < snapshot.Agents.Count; i++)
        {
            if (snapshot.Agents[i] is { } agent && (only is null || agent.Id.Value == only))
            {
                AgentJson.Write(writer, agent, full);
            }
        }

        writer.WriteEndArray();
    }

    private static void WriteFrameworkLists(Utf8JsonWriter writer, ClusterSnapshot snapshot, string? only)
    {
        var tasks = TasksByFramework(snapshot);
        writer.WriteStartArray("frameworks"u8);
        for (var i = 0; i < snapshot.Frameworks.Count; i++)
        {
            if (snapshot.Frameworks[i] is { } framework && (only is null || framework.Id.Value == only))
            {
                FrameworkJson.Write(writer, framework, tasks.GetValueOrDefault(framework.Id) ?? []);
            }
        }

        writer.WriteEndArray();
        writer.WriteStartArray("completed_frameworks"u8);
        foreach (var framework in snapshot.CompletedFrameworks)
        {
            if (only is null || framework.Id.Value == only)
            {
                FrameworkJson.Write(writer, framework, []);
            }
        }

        writer.WriteEndArray();
    }

    private static Dictionary<FrameworkId, List<TaskView>> TasksByFramework(ClusterSnapshot snapshot)
    {
        var groups = new Dictionary<FrameworkId, List<TaskView>>();
        for (var i = 0; i < snapshot.Tasks.Count; i++)
        {
            if (snapshot.Tasks[i] is { } task)
            {
                if (!groups.TryGetValue(task.Key.FrameworkId, out var group))
                {
                    groups[task.Key.FrameworkId] = group = [];
                }

                group.Add(task);
            }
        }

        return groups;
    }

    private static void WriteEmpty(Utf8JsonWriter writer, ReadOnlySpan<byte> name)
    {
        writer.WriteStartArray(name);
        writer.WriteEndArray();
    }

    private static void WriteAmounts(Utf8JsonWriter writer, ReadOnlySpan<byte> name, IEnumerable<KeyValuePair<string, Value.Types.Scalar>>? amounts)
    {
        writer.WriteStartObject(name);
        foreach (var (resource, amount) in (amounts ?? []).OrderBy(pair => pair.Key, StringComparer.Ordinal))
        {
            writer.WritePropertyName(resource);
            MesosJson.WriteNumber(writer, amount.Value);
        }

        writer.WriteEndObject();
    }
}
