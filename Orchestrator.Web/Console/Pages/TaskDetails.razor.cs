using Microsoft.AspNetCore.Components;
using Orchestrator.Core.Views;
using Orchestrator.Core.Views.Services;
using Orchestrator.Web.Console.ViewModels.Tasks;

namespace Orchestrator.Web.Console.Pages;

/// <summary>The states of a task over time, and what is known of it.</summary>
public sealed partial class TaskDetails
{
    /// <summary>The task.</summary>
    [Parameter]
    [EditorRequired]
    public TaskView Task { get; set; } = null!;

    /// <summary>The cluster, for names.</summary>
    [Parameter]
    [EditorRequired]
    public ClusterSnapshot Cluster { get; set; } = null!;

    /// <summary>The instance of an app that it is; null for none.</summary>
    [Parameter]
    public InstanceView? Instance { get; set; }

    private string HostName => TaskList.HostNames(Cluster).GetValueOrDefault(Task.AgentId) ?? Task.AgentId.Value;

    private string FrameworkName =>
        Cluster.Frameworks.Concat(Cluster.CompletedFrameworks).FirstOrDefault(framework => framework?.Id == Task.Key.FrameworkId)?.Info.Name is { Length: > 0 } name ? name : Task.Key.FrameworkId.Value;

    private string? Command => Task.Info.Command is not { } command ? null : command.Arguments.Count > 0 ? string.Join(' ', command.Arguments) : command.Value;

    private static DateTimeOffset? At(TaskStatus status) => status.HasTimestamp ? DateTimeOffset.FromUnixTimeMilliseconds((long)(status.Timestamp * 1000)) : null;

    private static string Origin(TaskStatus status) =>
        "from " + TaskFinder.Words(status.HasSource ? status.Source.ToString() : "master") + (status.HasReason ? " · " + TaskFinder.Words(status.Reason.ToString()) : "") + (status.HasHealthy ? status.Healthy ? " · healthy" : " · unhealthy" : "");

    private double? Used(string resource) => (resource, Task.Usage) switch
    {
        (_, null) => null,
        ("cpus", var usage) => usage.Cpus,
        ("mem", var usage) => usage.MemMiB,
        _ => null,
    };
}
