using Orchestrator.Core.Marathon.Pods;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Console.Feeds;

namespace Orchestrator.Web.Console.ViewModels.Apps;

/// <summary>One pod in the list.</summary>
public sealed record PodRow
{
    /// <summary>Its path.</summary>
    public required string Id { get; init; }

    /// <summary>Stable, Degraded or Terminal.</summary>
    public required string Status { get; init; }

    /// <summary>Running instances.</summary>
    public required int Running { get; init; }

    /// <summary>Wanted instances.</summary>
    public required int Instances { get; init; }

    /// <summary>Names of the containers in each.</summary>
    public required IReadOnlyList<string> Containers { get; init; }

    /// <summary>Cores of all wanted instances, their executors included.</summary>
    public required double Cpus { get; init; }

    /// <summary>Memory of all wanted instances, their executors included, MiB.</summary>
    public required double MemMiB { get; init; }

    /// <summary>The path above its name, with a slash at the end.</summary>
    public string Folder => Id[..(Id.LastIndexOf('/') + 1)];

    /// <summary>The last part of its path.</summary>
    public string Name => Id[(Id.LastIndexOf('/') + 1)..];

    /// <summary>Whether a pod is there: one that was deleted is until its last instance ended.</summary>
    public static bool IsShown(AppView pod) => !pod.IsRemoved || pod.Instances.Count > 0;

    /// <summary>The row of a pod.</summary>
    public static PodRow Of(AppView pod) => new()
    {
        Id = pod.Id,
        Status = Word(PodStatusJson.StatusOf(pod)),
        Running = pod.TasksRunning,
        Instances = pod.Definition.Instances,
        Containers = [.. (pod.Definition.Pod?.Containers ?? []).Select(container => container.Name)],
        Cpus = pod.Definition.Cpus * pod.Definition.Instances,
        MemMiB = pod.Definition.Mem * pod.Definition.Instances,
    };

    /// <summary>Those of the pods in whose path, status or containers each word of a filter is.</summary>
    public static List<PodRow> Find(IEnumerable<AppView> pods, string? text)
    {
        var filter = new TextFilter(text);
        return [.. pods.Select(Of).Where(row => filter.Matches([row.Id, row.Status, .. row.Containers]))];
    }

    /// <summary>A status for people: <c>Stable</c> for <c>STABLE</c>.</summary>
    public static string Word(string status) => status[..1] + status[1..].ToLowerInvariant();
}
