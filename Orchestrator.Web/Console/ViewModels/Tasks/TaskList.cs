using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Primitives;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Console.ViewModels.Tasks;

/// <summary>The tasks that are listed. Made once for each snapshot and query and shared by all who look at it.</summary>
public sealed class TaskList
{
    private TaskList(TaskView[] tasks, int all, IReadOnlyDictionary<AgentId, string> hosts, IReadOnlyDictionary<FrameworkId, string> frameworks) =>
        (Tasks, All, Hosts, Frameworks) = (tasks, all, hosts, frameworks);

    /// <summary>The tasks, in order.</summary>
    public IReadOnlyList<TaskView> Tasks { get; }

    /// <summary>How many tasks there are in any state.</summary>
    public int All { get; }

    /// <summary>Host names of agents.</summary>
    public IReadOnlyDictionary<AgentId, string> Hosts { get; }

    /// <summary>Names of frameworks.</summary>
    public IReadOnlyDictionary<FrameworkId, string> Frameworks { get; }

    /// <summary>Makes the list.</summary>
    public static TaskList Make(ClusterSnapshot cluster, TaskListQuery query)
    {
        var hosts = HostNames(cluster);
        var frameworks = new Dictionary<FrameworkId, string>();
        var selected = new List<TaskView>(cluster.Tasks.Count);
        var all = 0;
        foreach (var task in cluster.Tasks)
        {
            if (task is not null)
            {
                all++;
                Take(task, query, hosts, selected, isUnreachable: false);
            }
        }

        foreach (var framework in cluster.Frameworks.Concat(cluster.CompletedFrameworks))
        {
            if (framework is null)
            {
                continue;
            }

            frameworks[framework.Id] = framework.Info.Name;
            all += framework.UnreachableTasks.Count + framework.CompletedTasks.Count;
            foreach (var task in framework.UnreachableTasks)
            {
                Take(task, query, hosts, selected, isUnreachable: true);
            }

            foreach (var task in framework.CompletedTasks)
            {
                Take(task, query, hosts, selected, isUnreachable: false);
            }
        }

        var tasks = selected.ToArray();
        Array.Sort(tasks, Comparer(query, hosts, frameworks));
        return new TaskList(tasks, all, hosts, frameworks);
    }

    /// <summary>The host of a task; its agent's id when the agent is gone.</summary>
    public string HostOf(TaskView task) => Hosts.GetValueOrDefault(task.AgentId) ?? task.AgentId.Value;

    /// <summary>The name of a task's framework; its id when it has none.</summary>
    public string FrameworkOf(TaskView task) => Frameworks.GetValueOrDefault(task.Key.FrameworkId) is { Length: > 0 } name ? name : task.Key.FrameworkId.Value;

    /// <summary>Host names of all agents that are known.</summary>
    public static Dictionary<AgentId, string> HostNames(ClusterSnapshot cluster)
    {
        var hosts = new Dictionary<AgentId, string>();
        foreach (var agent in cluster.RecoveredAgents.Concat(cluster.UnreachableAgents))
        {
            hosts[agent.Id] = agent.Info.Hostname;
        }

        foreach (var agent in cluster.Agents)
        {
            if (agent is not null)
            {
                hosts[agent.Id] = agent.Info.Hostname;
            }
        }

        return hosts;
    }

    /// <summary>Whether a task has ended.</summary>
    public static bool IsEnded(TaskState state) => state is TaskState.TaskFinished or TaskState.TaskFailed or TaskState.TaskKilled or TaskState.TaskError
        or TaskState.TaskLost or TaskState.TaskDropped or TaskState.TaskGone or TaskState.TaskGoneByOperator;

    private static void Take(TaskView task, TaskListQuery query, Dictionary<AgentId, string> hosts, List<TaskView> selected, bool isUnreachable)
    {
        var wanted = query.Filter switch
        {
            TaskFilter.Active => !IsEnded(task.State),
            TaskFilter.Staging => task.State is TaskState.TaskStaging or TaskState.TaskStarting,
            TaskFilter.Running => task.State == TaskState.TaskRunning,
            TaskFilter.Unhealthy => task.State == TaskState.TaskRunning && task.Healthy == false,
            TaskFilter.Unreachable => isUnreachable || task.State == TaskState.TaskUnreachable,
            TaskFilter.Completed => IsEnded(task.State),
            TaskFilter.Failed => IsEnded(task.State) && task.State is not (TaskState.TaskFinished or TaskState.TaskKilled),
            _ => true,
        };
        if (wanted
            && (query.Framework.Length == 0 || task.Key.FrameworkId.Value == query.Framework)
            && (query.Agent.Length == 0 || task.AgentId.Value == query.Agent)
            && (query.Text.Length == 0 || Contains(task.Key.TaskId.Value, query.Text) || Contains(task.Info.Name, query.Text) || Contains(hosts.GetValueOrDefault(task.AgentId) ?? "", query.Text)))
        {
            selected.Add(task);
        }
    }

    private static bool Contains(string text, string part) => text.Contains(part, StringComparison.OrdinalIgnoreCase);

    private static Comparison<TaskView> Comparer(TaskListQuery query, Dictionary<AgentId, string> hosts, Dictionary<FrameworkId, string> frameworks)
    {
        Comparison<TaskView> by = query.Sort switch
        {
            TaskSort.Id => (a, b) => 0,
            TaskSort.Name => (a, b) => string.CompareOrdinal(a.Info.Name, b.Info.Name),
            TaskSort.Framework => (a, b) => string.CompareOrdinal(frameworks.GetValueOrDefault(a.Key.FrameworkId), frameworks.GetValueOrDefault(b.Key.FrameworkId)),
            TaskSort.State => (a, b) => ((int)a.State).CompareTo((int)b.State),
            TaskSort.Health => (a, b) => HealthRank(a).CompareTo(HealthRank(b)),
            TaskSort.Host => (a, b) => string.CompareOrdinal(hosts.GetValueOrDefault(a.AgentId), hosts.GetValueOrDefault(b.AgentId)),
            TaskSort.Cpus => (a, b) => a.Resources.Scalar("cpus").CompareTo(b.Resources.Scalar("cpus")),
            TaskSort.Mem => (a, b) => a.Resources.Scalar("mem").CompareTo(b.Resources.Scalar("mem")),
            _ => (a, b) => b.StateSince.CompareTo(a.StateSince),
        };
        var sign = query.IsDescending ? -1 : 1;
        return (a, b) => by(a, b) is var order && order != 0
            ? sign * order
            : (query.Sort == TaskSort.Id ? sign : 1) * string.CompareOrdinal(a.Key.TaskId.Value, b.Key.TaskId.Value);
    }

    private static int HealthRank(TaskView task) => task.Healthy switch { false => 0, null => 1, true => 2 };
}
