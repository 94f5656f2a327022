using System.Text.Json;
using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Api.Operator.Json;

/// <summary><c>/state-summary</c>: agents and frameworks with counts of their tasks instead of the tasks.</summary>
internal sealed class SummaryDocument
{
    private readonly Dictionary<string, Counts> _agents = new(StringComparer.Ordinal);
    private readonly Dictionary<string, Counts> _frameworks = new(StringComparer.Ordinal);

    private SummaryDocument(ClusterSnapshot snapshot)
    {
        for (var i = 0; i < snapshot.Tasks.Count; i++)
        {
            Count(snapshot.Tasks[i]);
        }

        for (var i = 0; i < snapshot.Frameworks.Count; i++)
        {
            if (snapshot.Frameworks[i] is { } framework)
            {
                CountEnded(framework);
            }
        }

        foreach (var framework in snapshot.CompletedFrameworks)
        {
            CountEnded(framework);
        }
    }

    internal static void Write(Utf8JsonWriter writer, ClusterSnapshot snapshot)
    {
        var summary = new SummaryDocument(snapshot);
        writer.WriteStartObject();
        writer.WriteString("hostname"u8, snapshot.Master.Hostname);
        if (snapshot.Master.Cluster is not null)
        {
            writer.WriteString("cluster"u8, snapshot.Master.Cluster);
        }

        writer.WriteStartArray("slaves"u8);
        for (var i = 0; i < snapshot.Agents.Count; i++)
        {
            if (snapshot.Agents[i] is { } agent)
            {
                writer.WriteStartObject();
                AgentJson.WriteSummary(writer, agent);
                WriteCounts(writer, summary._agents.GetValueOrDefault(agent.Id.Value), "framework_ids"u8);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
        writer.WriteStartArray("frameworks"u8);
        for (var i = 0; i < snapshot.Frameworks.Count; i++)
        {
            if (snapshot.Frameworks[i] is { } framework)
            {
                writer.WriteStartObject();
                FrameworkJson.WriteSummary(writer, framework);
                WriteCounts(writer, summary._frameworks.GetValueOrDefault(framework.Id.Value), "slave_ids"u8);
                writer.WriteEndObject();
            }
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteCounts(Utf8JsonWriter writer, Counts? counts, ReadOnlySpan<byte> others)
    {
        foreach (var state in TaskStates.Summarised)
        {
            writer.WriteNumber(TaskStates.Name(state), counts?.ByState[(int)state] ?? 0);
        }

        writer.WriteStartArray(others);
        foreach (var other in counts?.Others ?? [])
        {
            writer.WriteStringValue(other);
        }

        writer.WriteEndArray();
    }

    private void CountEnded(FrameworkView framework)
    {
        foreach (var task in framework.CompletedTasks)
        {
            Count(task);
        }

        foreach (var task in framework.UnreachableTasks)
        {
            Count(task);
        }

        foreach (var executor in framework.Executors)
        {
            Of(_agents, executor.AgentId.Value).Others.Add(framework.Id.Value);
            Of(_frameworks, framework.Id.Value).Others.Add(executor.AgentId.Value);
        }
    }

    private void Count(TaskView? task)
    {
        if (task is null)
        {
            return;
        }

        var agent = Of(_agents, task.AgentId.Value);
        agent.ByState[(int)task.State]++;
        agent.Others.Add(task.Key.FrameworkId.Value);
        var framework = Of(_frameworks, task.Key.FrameworkId.Value);
        framework.ByState[(int)task.State]++;
        framework.Others.Add(task.AgentId.Value);
    }

    private static Counts Of(Dictionary<string, Counts> all, string id)
    {
        if (!all.TryGetValue(id, out var counts))
        {
            all[id] = counts = new Counts();
        }

        return counts;
    }

    private sealed class Counts
    {
        // Task states are numbered from 0 to 13.
        public int[] ByState { get; } = new int[(int)TaskState.TaskUnknown + 1];

        public SortedSet<string> Others { get; } = new(StringComparer.Ordinal);
    }
}
