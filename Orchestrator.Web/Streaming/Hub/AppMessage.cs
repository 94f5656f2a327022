using Orchestrator.Core.Views.Services;

namespace Orchestrator.Web.Streaming.Hub;

/// <summary>One app.</summary>
public sealed record AppMessage
{
    /// <summary>Its path, for example <c>/shop/web</c>.</summary>
    public required string Id { get; init; }

    /// <summary>Version of its configuration.</summary>
    public required DateTimeOffset? Version { get; init; }

    /// <summary>Instances wanted.</summary>
    public required int Instances { get; init; }

    /// <summary>On their way to run.</summary>
    public required int TasksStaged { get; init; }

    /// <summary>Running.</summary>
    public required int TasksRunning { get; init; }

    /// <summary>Running, and all health checks pass.</summary>
    public required int TasksHealthy { get; init; }

    /// <summary>Running, and a health check fails.</summary>
    public required int TasksUnhealthy { get; init; }

    /// <summary>Running deployments that change it.</summary>
    public required IReadOnlyList<string> DeploymentIds { get; init; }

    /// <summary>Instances that wait to be launched.</summary>
    public required int Waiting { get; init; }

    /// <summary>No launch before this time; null without a delay.</summary>
    public DateTimeOffset? DelayedUntil { get; init; }

    /// <summary>What its last failed task said; null when none failed.</summary>
    public string? LastFailure { get; init; }

    internal static AppMessage Of(AppView app) => new()
    {
        Id = app.Id,
        Version = app.Versions.Count > 0 ? app.Versions[0] : null,
        Instances = app.Definition.Instances,
        TasksStaged = app.TasksStaged,
        TasksRunning = app.TasksRunning,
        TasksHealthy = app.TasksHealthy,
        TasksUnhealthy = app.TasksUnhealthy,
        DeploymentIds = app.DeploymentIds,
        Waiting = app.Queue?.Count ?? 0,
        DelayedUntil = app.Queue?.DelayedUntil,
        LastFailure = app.LastTaskFailure?.Message,
    };
}
