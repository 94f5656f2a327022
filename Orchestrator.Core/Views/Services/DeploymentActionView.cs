namespace Orchestrator.Core.Views.Services;

/// <summary>One action.</summary>
/// <param name="Action">StartApplication, StopApplication, ScaleApplication, RestartApplication; of pods StartPod and so on.</param>
/// <param name="App">Id of the app or pod.</param>
public sealed record DeploymentActionView(string Action, string App)
{
    /// <summary>Whether it is about a pod.</summary>
    public bool IsPod { get; init; }

    /// <summary>
    /// What it does now: <c>preDeployment</c>, <c>scaling</c>, <c>replacing</c>, <c>starting</c>, <c>soaking</c>, <c>draining</c>,
    /// <c>stopping</c>; null when it is not under way.
    /// </summary>
    public string? Phase { get; init; }

    /// <summary>When it has to be done; null for never, or when it is not under way.</summary>
    public DateTimeOffset? Deadline { get; init; }
}
