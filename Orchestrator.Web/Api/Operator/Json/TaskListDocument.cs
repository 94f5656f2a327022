using System.Text.Json;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Api.Operator.Json;

/// <summary><c>/tasks</c>: a page of the tasks that match, active, unreachable and completed, by the time of the first update.</summary>
internal static class TaskListDocument
{
    internal static void Write(Utf8JsonWriter writer, ClusterSnapshot snapshot, TaskListQuery query)
    {
        var tasks = Collect(snapshot, query);
        Sort(tasks, query.Ascending);
        writer.WriteStartObject();
        writer.WriteStartArray("tasks"u8);
        var end = (int)Math.Min(tasks.Count, (long)query.Offset + query.Limit);
        for (var i = query.Offset; i < end; i++)
        {
            TaskJson.Write(writer, tasks[i]);
        }

        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static List<TaskView> Collect(ClusterSnapshot snapshot, TaskListQuery query)
    {
        var found = new List<TaskView>();
        for (var i = 0; i < snapshot.Tasks.Count; i++)
        {
            if (snapshot.Tasks[i] is { } task && query.Matches(task))
            {
                found.Add(task);
            }
        }

        for (var i = 0; i < snapshot.Frameworks.Count; i++)
        {
            if (snapshot.Frameworks[i] is { } framework)
            {
                AddEnded(found, framework, query);
            }
        }

        foreach (var framework in snapshot.CompletedFrameworks)
        {
            AddEnded(found, framework, query);
        }

        return found;
    }

    private static void AddEnded(List<TaskView> found, FrameworkView framework, TaskListQuery query)
    {
        if (query.FrameworkId is not null && query.FrameworkId != framework.Id.Value)
        {
            return;
        }

        foreach (var task in framework.UnreachableTasks)
        {
            if (query.Matches(task))
            {
                found.Add(task);
            }
        }

        foreach (var task in framework.CompletedTasks)
        {
            if (query.Matches(task))
            {
                found.Add(task);
            }
        }
    }

    /// <summary>Tasks without an update yet stand where their launch does; equal times keep one order on every page.</summary>
    private static void Sort(List<TaskView> tasks, bool ascending)
    {
        tasks.Sort((a, b) =>
        {
            var order = FirstSeen(a).CompareTo(FirstSeen(b));
            order = order != 0 ? order : string.CompareOrdinal(a.Key.TaskId.Value, b.Key.TaskId.Value);
            order = order != 0 ? order : string.CompareOrdinal(a.Key.FrameworkId.Value, b.Key.FrameworkId.Value);
            return ascending ? order : -order;
        });
    }

    private static double FirstSeen(TaskView task) => task.Statuses.Count > 0 ? task.Statuses[0].Timestamp : TimeJson.Seconds(task.LaunchedAt);
}
