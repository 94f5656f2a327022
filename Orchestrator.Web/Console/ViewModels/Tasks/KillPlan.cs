using Orchestrator.Core.Primitives;

namespace Orchestrator.Web.Console.ViewModels.Tasks;

/// <summary>Who kills which of the tasks that are to be killed.</summary>
/// <param name="OfApps">Tasks of the services: their engine kills them, so that it knows why they end.</param>
/// <param name="OfOthers">Tasks of all other frameworks: the master kills them.</param>
public sealed record KillPlan(IReadOnlyList<TaskKey> OfApps, IReadOnlyList<TaskKey> OfOthers)
{
    /// <summary>How many tasks there are.</summary>
    public int Count => OfApps.Count + OfOthers.Count;

    /// <summary>Sorts tasks by who kills them.</summary>
    /// <param name="tasks">The tasks, <c>framework/task</c> each.</param>
    /// <param name="servicesId">Id of the services' framework; empty when they have none.</param>
    public static KillPlan Of(IEnumerable<string> tasks, string? servicesId)
    {
        var byOwner = tasks.Select(Read).ToLookup(task => task.FrameworkId.Value == servicesId);
        return new KillPlan([.. byOwner[true]], [.. byOwner[false]]);
    }

    /// <summary>Ids of frameworks have no slash, ids of tasks may.</summary>
    private static TaskKey Read(string key)
    {
        var cut = key.IndexOf('/', StringComparison.Ordinal);
        return new TaskKey(new FrameworkId(key[..cut]), new TaskId(key[(cut + 1)..]));
    }
}
