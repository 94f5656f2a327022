using Orchestrator.Core.Contract.Mesos;
using Orchestrator.Core.Views;

namespace Orchestrator.Web.Streaming.Hub;

/// <summary>One task.</summary>
public sealed record TaskMessage
{
    /// <summary>Its framework.</summary>
    public required string FrameworkId { get; init; }

    /// <summary>Its id, unique within its framework.</summary>
    public required string TaskId { get; init; }

    /// <summary>Its name.</summary>
    public required string Name { get; init; }

    /// <summary>Its agent.</summary>
    public required string AgentId { get; init; }

    /// <summary>The role whose resources it holds.</summary>
    public required string Role { get; init; }

    /// <summary>Wire name of its state, for example <c>TASK_RUNNING</c>.</summary>
    public required string State { get; init; }

    /// <summary>What its last status update said; empty when it said nothing.</summary>
    public required string Message { get; init; }

    /// <summary>Result of its health check; null without one.</summary>
    public bool? Healthy { get; init; }

    /// <summary>What it holds.</summary>
    public required ResourceMessage Resources { get; init; }

    /// <summary>Host ports that it holds.</summary>
    public required IReadOnlyList<long> Ports { get; init; }

    /// <summary>Measured use; null before the first report.</summary>
    public ResourceMessage? Used { get; init; }

    /// <summary>When the master accepted it.</summary>
    public required DateTimeOffset LaunchedAt { get; init; }

    /// <summary>When its state last changed.</summary>
    public required DateTimeOffset StateSince { get; init; }

    internal static TaskMessage Of(TaskView task) => new()
    {
        FrameworkId = task.Key.FrameworkId.Value,
        TaskId = task.Key.TaskId.Value,
        Name = task.Info.Name,
        AgentId = task.AgentId.Value,
        Role = task.Role,
        State = WireName(task.State),
        Message = task.Statuses.Count > 0 ? task.Statuses[^1].Message : "",
        Healthy = task.Healthy,
        Resources = ResourceMessage.Of(task.Resources),
        Ports = [.. task.Resources.Ranges("ports").SelectMany(range => Enumerable.Range(0, (int)range.Length).Select(i => range.Begin + i))],
        Used = task.Usage is { } usage ? new ResourceMessage(usage.Cpus, usage.MemMiB, usage.DiskMiB, 0) : null,
        LaunchedAt = task.LaunchedAt,
        StateSince = task.StateSince,
    };

    /// <summary><c>TASK_GONE_BY_OPERATOR</c> for <see cref="TaskState.TaskGoneByOperator"/>.</summary>
    internal static string WireName(TaskState state) =>
        string.Concat(state.ToString().Select((letter, i) => i > 0 && char.IsUpper(letter) ? $"_{letter}" : $"{char.ToUpperInvariant(letter)}"));
}
