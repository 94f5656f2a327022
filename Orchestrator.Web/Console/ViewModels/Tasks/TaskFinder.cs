using Orchestrator.Core.Views;

namespace Orchestrator.Web.Console.ViewModels.Tasks;

/// <summary>Finds one task in a snapshot, wherever it is kept.</summary>
public static class TaskFinder
{
    /// <summary>The task; null when the master does not know it (any more).</summary>
    public static TaskView? Find(ClusterSnapshot cluster, string frameworkId, string taskId)
    {
        foreach (var task in cluster.Tasks)
        {
            if (task is not null && Is(task, frameworkId, taskId))
            {
                return task;
            }
        }

        foreach (var framework in cluster.Frameworks.Concat(cluster.CompletedFrameworks))
        {
            if (framework?.Id.Value == frameworkId)
            {
                // A task id may have been used again: the newest of them.
                return framework.UnreachableTasks.FirstOrDefault(task => Is(task, frameworkId, taskId)) ?? framework.CompletedTasks.LastOrDefault(task => Is(task, frameworkId, taskId));
            }
        }

        return null;
    }

    /// <summary>A wire name for people: <c>SOURCE_EXECUTOR</c> is <c>executor</c>, <c>REASON_COMMAND_EXECUTOR_FAILED</c> is <c>command executor failed</c>.</summary>
    public static string Words(string wireName)
    {
        var words = string.Concat(wireName.Select((letter, i) => i > 0 && char.IsUpper(letter) && char.IsLower(wireName[i - 1]) ? " " + letter : letter.ToString())).Replace('_', ' ').ToLowerInvariant();
        var cut = words.IndexOf(' ', StringComparison.Ordinal);
        return cut > 0 && words[..cut] is "source" or "reason" ? words[(cut + 1)..] : words;
    }

    /// <summary>Where a task can be reached: host ports with what they are called.</summary>
    public static IReadOnlyList<(int Port, string Name)> Ports(TaskView task)
    {
        var names = task.Info.Discovery?.Ports?.Ports_.ToDictionary(port => (int)port.Number, port => port.Name) ?? [];
        return [.. task.Resources.Ranges("ports").SelectMany(range => Enumerable.Range((int)range.Begin, (int)Math.Min(50, range.End - range.Begin + 1))).Take(50).Select(port => (port, names.GetValueOrDefault(port, "")))];
    }

    /// <summary>The addresses of its container, as its statuses told last.</summary>
    public static IReadOnlyList<string> Addresses(TaskView task) =>
        [.. (task.Statuses.LastOrDefault(status => status.ContainerStatus is not null)?.ContainerStatus.NetworkInfos ?? []).SelectMany(network => network.IpAddresses).Select(address => address.IpAddress).Distinct()];

    private static bool Is(TaskView task, string frameworkId, string taskId) => task.Key.TaskId.Value == taskId && task.Key.FrameworkId.Value == frameworkId;
}
