using Orchestrator.Core.Views;

namespace Orchestrator.Web.Console.ViewModels.Cluster;

/// <summary>Orders of the tasks on the pages of agents and frameworks.</summary>
public static class TaskOrder
{
    /// <summary>Newest first.</summary>
    public const string Default = "-since";

    /// <summary>Sorts.</summary>
    /// <param name="tasks">Any tasks.</param>
    /// <param name="sort">name, state, host, cpus, mem, since; a leading minus turns it round.</param>
    public static TaskView[] Sort(IEnumerable<TaskView> tasks, string sort)
    {
        var ordered = sort.TrimStart('-') switch
        {
            "name" => tasks.OrderBy(task => task.Info.Name, StringComparer.OrdinalIgnoreCase),
            "state" => tasks.OrderBy(task => task.State),
            "host" => tasks.OrderBy(task => task.AgentId.Value, StringComparer.Ordinal),
            "cpus" => tasks.OrderBy(task => task.Resources.Scalar("cpus")),
            "mem" => tasks.OrderBy(task => task.Resources.Scalar("mem")),
            _ => tasks.OrderBy(task => task.StateSince),
        };
        var result = ordered.ThenBy(task => task.Key.TaskId.Value, StringComparer.Ordinal).ToArray();
        if (sort.StartsWith('-'))
        {
            Array.Reverse(result);
        }

        return result;
    }
}
