namespace Orchestrator.Web.Api.Marathon;

/// <summary>What is added to each app of an answer. Source: Marathon's <c>embed</c> parameter.</summary>
[Flags]
public enum AppEmbeds
{
    /// <summary>The definition alone.</summary>
    None = 0,

    /// <summary><c>tasks</c>.</summary>
    Tasks = 1,

    /// <summary><c>deployments</c>.</summary>
    Deployments = 2,

    /// <summary><c>readinessCheckResults</c>.</summary>
    Readiness = 4,

    /// <summary><c>lastTaskFailure</c>.</summary>
    LastTaskFailure = 8,

    /// <summary><c>tasksStaged</c>, <c>tasksRunning</c>, <c>tasksHealthy</c>, <c>tasksUnhealthy</c>.</summary>
    Counts = 16,

    /// <summary><c>tasksStats</c>.</summary>
    TaskStats = 32,
}
